/** What stands in the form of a pair, and what is sent for it. */

import type { Pair, SetInput } from '../api/pairs'
import { Raw } from '../api/raw'
import { asKind, blank, type Encoded, fitsTextField, fromField, isDuration, type Kind, toField } from '../values/kinds'
import { fromLocalField } from '../values/time'

/** When the pair is to end. */
export type Expiry =
  | { mode: 'never' }
  /** When it would have ended anyway. */
  | { mode: 'keep' }
  /** So long after it is saved: an ISO 8601 duration. */
  | { mode: 'ttl'; ttl: string }
  /** At an instant, as `<input type="datetime-local">` holds it. */
  | { mode: 'at'; at: string }

/** What stands in the form. */
export interface Draft {
  namespace: string
  key: string
  kind: Kind
  /** The text of the value's field. */
  field: string
  /** Whether a text stands there as JSON writes it, because it holds what a text field cannot show. */
  escaped: boolean
  description: string
  expiry: Expiry
}

/** What is wrong with a draft, by its fields. */
export type Problems = Partial<Record<'namespace' | 'key' | 'value' | 'expiry' | 'description', string>>

/** Lengths of time that are offered. */
export const PRESETS: [string, string][] = [
  ['PT5M', '5 minutes'],
  ['PT15M', '15 minutes'],
  ['PT1H', '1 hour'],
  ['PT12H', '12 hours'],
  ['P1D', '1 day'],
  ['P2D', '2 days'],
  ['P7D', '7 days'],
  ['P30D', '30 days'],
  ['P365D', '365 days'],
]

/** An empty form. */
export function newDraft(namespace: string): Draft {
  const expiry: Expiry = { mode: 'never' }
  return { namespace, key: '', kind: 'STRING', field: '', escaped: false, description: '', expiry }
}

/** The form of a pair that is there. */
export function draftOf(pair: Pair): Draft {
  const kind = asKind(pair.type)
  const escaped = kind === 'STRING' && !fitsTextField(toField(kind, pair.value_text))
  return {
    namespace: pair.namespace,
    key: pair.key,
    kind,
    field: escaped ? pair.value_text : toField(kind, pair.value_text),
    escaped,
    description: pair.description ?? '',
    expiry: pair.expires_at ? { mode: 'keep' } : { mode: 'never' },
  }
}

/** The draft with another type, and what stands in the field as far as it fits. */
export function withKind(draft: Draft, kind: Kind): Draft {
  const fits = !draft.escaped && draft.kind !== 'BINARY' && kind !== 'BINARY' && fromField(kind, draft.field).json
  return { ...draft, kind, escaped: false, field: fits ? draft.field : blank(kind) }
}

/** The value's JSON. */
export function valueOf({ kind, field, escaped }: Draft): Encoded {
  if (!escaped) return fromField(kind, field)
  const read = fromField('JSON', field)
  return read.json?.startsWith('"') === false ? { problem: 'A text in double quotes, as JSON writes it.' } : read
}

/** What is wrong with the draft, as far as the page can tell. */
export function problemsOf(draft: Draft): Problems {
  const problems: Problems = {}
  const size = new TextEncoder().encode(draft.key).length
  if (size === 0) problems.key = 'A key has at least one character.'
  if (size > 1024) problems.key = `The key has ${size} bytes; at most 1,024 are allowed.`
  if (!/^[\w-]+(\.[\w-]+)*$/.test(draft.namespace)) {
    problems.namespace = 'Letters, digits, _ and -, in parts joined by dots.'
  }
  const { problem } = valueOf(draft)
  if (problem) problems.value = problem
  const { expiry } = draft
  if (expiry.mode === 'ttl' && !isDuration(expiry.ttl)) problems.expiry = 'A duration, such as PT30M, P1D or P1DT2H.'
  if (expiry.mode === 'at' && !fromLocalField(expiry.at)) problems.expiry = 'A day and a time.'
  return problems
}

/** What is sent to write the draft over version `over` of the pair, 0 for none. Only without problems. */
export function inputOf(draft: Draft, over: number, expiresAt: string | null): SetInput {
  const { namespace, key, kind, description, expiry } = draft
  const ends = {
    never: () => ({}),
    keep: () => (expiresAt ? { expires_at: expiresAt } : {}),
    ttl: () => (expiry.mode === 'ttl' ? { ttl: expiry.ttl.trim() } : {}),
    at: () => (expiry.mode === 'at' ? { expires_at: fromLocalField(expiry.at) ?? null } : {}),
  }[expiry.mode]()
  const value = new Raw(valueOf(draft).json ?? 'null')
  return { namespace, key, value, type: kind, description: description || null, if_version: over, overwrite: true, ...ends }
}

/** Whether two drafts would be the same to a reader. */
export function same(a: Draft, b: Draft): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
