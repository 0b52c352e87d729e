import { Button, Menu, Text } from '@mantine/core'
import { IconCheck, IconSelector } from '@tabler/icons-react'

import { useSession } from '../session'
import { go } from './route'

/** The tenant acted in, and the way to the others of the token's user. */
export function TenantSwitch() {
  const { who, enter } = useSession()
  if (who.tenants.length < 2) {
    return (
      <Text size="sm" className="tenant" title={who.tenant.slug}>
        {who.tenant.name}
      </Text>
    )
  }
  const to = (id: string) => {
    // What is open there is not there.
    go('#/pairs')
    enter(id)
  }
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button
          variant="default"
          className="tenant"
          aria-label={`Tenant ${who.tenant.name}`}
          rightSection={<IconSelector size={14} />}
        >
          {who.tenant.name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Tenants</Menu.Label>
        {who.tenants.map(({ id, name, slug }) => (
          <Menu.Item
            key={id}
            aria-current={id === who.tenant.id || undefined}
            leftSection={id === who.tenant.id ? <IconCheck size={14} /> : <span className="no-icon" />}
            rightSection={<span className="dim">{slug}</span>}
            onClick={() => to(id)}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
