import { ActionIcon, Tooltip } from '@mantine/core'
import { IconCopy } from '@tabler/icons-react'

import { useNow } from '../api/live'
import type { Pair } from '../api/pairs'
import { copy } from './copy'
import { Instant } from './Instant'

/** What is fixed about a pair. */
export function Facts({ pair }: { pair: Pair }) {
  const now = useNow(10_000)
  return (
    <section aria-label="About this pair" className="facts">
      <div className="facts-key">
        <h2 className="mono">{pair.key}</h2>
        <Tooltip label="Copy the key">
          <ActionIcon size="sm" aria-label="Copy the key" onClick={() => void copy('Key', pair.key)}>
            <IconCopy size={14} />
          </ActionIcon>
        </Tooltip>
      </div>
      <p>
        in <b>{pair.namespace}</b> · version {pair.version} · updated <Instant at={pair.updated} now={now} /> · created{' '}
        <Instant at={pair.created} now={now} />
      </p>
    </section>
  )
}
