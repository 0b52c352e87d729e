import { Progress, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'

import { USAGE } from '../api/who'
import { useSession } from '../session'
import { bytes, count } from '../values/size'

/** How much of the licence is used: "7 of 10 pairs". */
export function UsageMeter() {
  const { client, who } = useSession()
  const { data } = useQuery({
    queryKey: ['pairs', 'usage'],
    queryFn: async ({ signal }) => (await client.request(USAGE, {}, { signal })).license_usage,
  })
  if (!data) return null
  const { key_value_pairs_used: used, plan } = data
  const allowed = data.key_value_pairs ?? null
  const share = allowed === null ? 0 : (100 * used) / Math.max(1, allowed)
  const value = who.valueBytes === null ? '' : `; a value may have ${bytes(who.valueBytes)}`
  return (
    <Tooltip label={`Tier ${plan}: ${allowed === null ? 'any number of' : count(allowed)} pairs${value}`}>
      <div className="usage" data-full={(allowed !== null && used >= allowed) || undefined}>
        <span>
          {count(used)}
          {allowed !== null && ` of ${count(allowed)}`} {allowed === null && used === 1 ? 'pair' : 'pairs'}{' '}
          <b>{plan}</b>
        </span>
        {allowed !== null && (
          <Progress size={4} aria-label="Pairs used" color={share >= 100 ? 'red' : share >= 80 ? 'orange' : 'blue'} value={share} />
        )}
      </div>
    </Tooltip>
  )
}
