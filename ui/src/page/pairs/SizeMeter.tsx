import { Progress, Text } from '@mantine/core'

import { useSession } from '../session'
import { bytes } from '../values/size'
import { countedBytes } from '../values/kinds'
import { type Draft, valueOf } from './draft'

/** How large the value is, beside what the licence allows. */
export function SizeMeter({ draft }: { draft: Draft }) {
  const { who } = useSession()
  const { json } = valueOf(draft)
  const size = json === undefined ? undefined : countedBytes(json)
  if (size === undefined) return null
  const limit = who.valueBytes
  const over = limit !== null && size > limit
  return (
    <div className="size">
      <Text size="xs" c={over ? 'red' : 'dimmed'} role={over ? 'alert' : undefined}>
        {bytes(size)}
        {limit !== null && ` of ${bytes(limit)}`}
        {over && `: more than the ${who.plan} tier allows`}
      </Text>
      {limit !== null && size > limit / 4 && (
        <Progress
          size="xs"
          aria-label="Size of the value"
          color={over ? 'red' : size > limit * 0.8 ? 'orange' : 'blue'}
          value={Math.min(100, (100 * size) / limit)}
        />
      )}
    </div>
  )
}
