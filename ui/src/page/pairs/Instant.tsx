import { Tooltip } from '@mantine/core'

import { ago, exact } from '../values/time'

/** An instant as "3 minutes ago", exact on hover. */
export function Instant({ at, now }: { at: string; now: number }) {
  return (
    <Tooltip label={exact(at)}>
      <time dateTime={at}>{ago(at, now)}</time>
    </Tooltip>
  )
}
