import { KIND_NAMES, type Kind } from '../values/kinds'

/** The type of a value. */
export function KindBadge({ kind }: { kind: Kind }) {
  return (
    <span className="kind" data-kind={kind}>
      {KIND_NAMES[kind]}
    </span>
  )
}
