import { type Kind, toField } from '../values/kinds'

/** A value as it is copied: text and dates without their quotes, everything else as its JSON. */
export function plain(kind: Kind, json: string): string {
  return kind === 'JSON' ? json : toField(kind, json)
}
