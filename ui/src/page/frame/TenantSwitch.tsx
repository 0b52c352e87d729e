import { Text } from '@mantine/core'

import { useSession } from '../session'

/** The tenant acted in. */
export function TenantSwitch() {
  const { who } = useSession()
  return (
    <Text size="sm" className="tenant" title={who.tenant.slug}>
      {who.tenant.name}
    </Text>
  )
}
