import { ActionIcon, Alert, Menu, Tooltip, useMantineColorScheme } from '@mantine/core'
import { IconDeviceDesktop, IconKeyboard, IconLogout, IconMoon, IconSun } from '@tabler/icons-react'
import { useWindowEvent } from '@mantine/hooks'
import { lazy, type ReactNode, Suspense, useState } from 'react'

import icon from '../../shared/icon.svg'
import { useLine, useLiveUpdates } from '../api/live'
import { Loading } from '../pairs/PairsState'
import { PairsPage } from '../pairs/PairsPage'
import { useSession } from '../session'
import { Keyboard } from './Keyboard'
import { href, useRoute } from './route'
import { TenantSwitch } from './TenantSwitch'
import { UsageMeter } from './UsageMeter'

const NamespacesPage = lazy(() => import('../namespaces/NamespacesPage'))
const AuditPage = lazy(() => import('../audit/AuditPage'))
const TokensPage = lazy(() => import('../tokens/TokensPage'))

interface Place {
  name: string
  label: string
  page: ReactNode
  /** What the token must be allowed. */
  needs?: string
}

const PLACES: Place[] = [
  { name: 'pairs', label: 'Pairs', page: <PairsPage /> },
  { name: 'namespaces', label: 'Namespaces', page: <NamespacesPage /> },
  { name: 'tokens', label: 'Tokens', page: <TokensPage />, needs: 'read:api-key' },
  { name: 'audit', label: 'Audit', page: <AuditPage />, needs: 'read:audit-log' },
]

/** The page around what is shown: where one is, who one is, and how the server stands. */
export function Shell() {
  const { name } = useRoute()
  const { may } = useSession()
  const [helping, setHelping] = useState(false)
  useLiveUpdates()
  // By the character: on which key it is, and with or without shift, is the keyboard's business.
  useWindowEvent('keydown', ({ key, target }) => {
    const typing = target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')
    if (key === '?' && !typing) setHelping(true)
  })
  const place = PLACES.find((place) => place.name === name) ?? PLACES[0]!

  return (
    <>
      <a className="skip" href="#main" onClick={skip}>
        To the content
      </a>
      <header className="top">
        <a className="brand" href="#/pairs">
          <img src={icon} alt="" width={22} height={22} />
          Highwater
        </a>
        <TenantSwitch />
        <nav className="places" aria-label="Main">
          {PLACES.filter(({ needs }) => !needs || may(needs)).map(({ name, label }) => (
            <a key={name} href={href(name)} aria-current={name === place.name ? 'page' : undefined}>
              {label}
            </a>
          ))}
          <a href="/graphiql">GraphiQL</a>
          <a href="/openapi">REST</a>
        </nav>
        <span className="spring" />
        <UsageMeter />
        <LineState />
        <Tooltip label="Keyboard (?)">
          <ActionIcon className="wide-only" aria-label="Keyboard" onClick={() => setHelping(true)}>
            <IconKeyboard size={18} />
          </ActionIcon>
        </Tooltip>
        <ThemeMenu />
        <Leave />
      </header>
      <Interrupted />
      <main id="main" tabIndex={-1}>
        <Suspense fallback={<Loading />}>{place.page}</Suspense>
      </main>
      <Keyboard opened={helping} onClose={() => setHelping(false)} />
    </>
  )
}

function skip(event: { preventDefault: () => void }): void {
  event.preventDefault()
  document.getElementById('main')?.focus()
}

/** A word for screen readers and a dot for the rest. */
function LineState() {
  const line = useLine()
  const says = { open: 'Live: changes show at once', connecting: 'Connecting', lost: 'Not live: trying to reconnect' }[line]
  return (
    <Tooltip label={says}>
      <span className="line" data-line={line} role="status">
        <span className="sr-only">{says}</span>
      </span>
    </Tooltip>
  )
}

function Interrupted() {
  if (useLine() !== 'lost') return null
  return (
    <Alert color="orange" className="interrupted" role="alert">
      The connection to the server is interrupted. What you see may be out of date; the page reconnects by itself.
    </Alert>
  )
}

function ThemeMenu() {
  // With transitions kept: to halt them the library writes a style element.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true })
  const choices = [
    { value: 'light', label: 'Light', icon: <IconSun size={14} /> },
    { value: 'dark', label: 'Dark', icon: <IconMoon size={14} /> },
    { value: 'auto', label: 'As the system', icon: <IconDeviceDesktop size={14} /> },
  ] as const
  return (
    <Menu>
      <Menu.Target>
        <Tooltip label="Light or dark">
          <ActionIcon aria-label="Light or dark">
            {choices.find(({ value }) => value === colorScheme)?.icon ?? <IconSun size={18} />}
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {choices.map(({ value, label, icon }) => (
          <Menu.Item key={value} leftSection={icon} onClick={() => setColorScheme(value)}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function Leave() {
  const { who, use } = useSession()
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon aria-label="Session">
          <IconLogout size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {who.username ?? 'A token from elsewhere'} · Highwater {who.version}
        </Menu.Label>
        <Menu.Item leftSection={<IconLogout size={14} />} onClick={() => use('', false)}>
          Forget the token
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
