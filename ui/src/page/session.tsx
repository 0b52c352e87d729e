import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react'

import { storedTenant, storedToken, storeTenant, storeToken } from '../shared/token'
import { Client } from './api/client'
import { troubleOf } from './api/errors'
import { WHO, type Who, readWho } from './api/who'
import { Login } from './frame/Login'
import { Waiting } from './frame/Waiting'

/** What every part of the page may ask for once the server has taken the token. */
export interface Session {
  client: Client
  who: Who
  /** Whether the token may do this, as `operation:object`. */
  may: (permission: string) => boolean
  /** Goes on with another token, or with none. */
  use: (token: string, remember: boolean) => void
  /** Goes on in another tenant of the token's user. */
  enter: (tenant: string) => void
}

const SessionContext = createContext<Session | undefined>(undefined)

/** The session. Only below [`SessionGate`]. */
export function useSession(): Session {
  const session = use(SessionContext)
  if (!session) throw new Error('no session here')
  return session
}

/** Shows what is inside once there is a token that the server takes; until then, the way to give one. */
export function SessionGate({ children }: { children: ReactNode }) {
  const [token, setToken] = useState(storedToken)
  const [tenant, setTenant] = useState(storedTenant)
  const [refused, setRefused] = useState<string>()

  const use = (next: string, remember: boolean) => {
    storeToken(next, remember)
    setRefused(undefined)
    setTenant('')
    setToken(next)
  }
  const enter = (next: string) => {
    storeTenant(next)
    setTenant(next)
  }
  const refuse = (why: string) => {
    // Perhaps only that tenant is closed to it by now.
    if (tenant) return enter('')
    storeToken('')
    setRefused(why)
    setToken('')
  }

  if (!token) return <Login refused={refused} onUse={use} />
  return (
    <WithToken key={`${token} ${tenant}`} token={token} tenant={tenant} onUse={use} onEnter={enter} onRefused={refuse}>
      {children}
    </WithToken>
  )
}

interface Props {
  token: string
  tenant: string
  onUse: Session['use']
  onEnter: Session['enter']
  onRefused: (why: string) => void
  children: ReactNode
}

/** One token's client and cache: with the token, or the tenant, all that was read there goes. */
function WithToken({ token, tenant, onUse, onEnter, onRefused, children }: Props) {
  const client = useMemo(() => new Client(token, tenant), [token, tenant])
  const cache = useMemo(createCache, [])
  useEffect(() => () => client.close(), [client])
  useEffect(
    () =>
      // Whatever was asked: a token that stopped counting ends the session.
      cache.getQueryCache().subscribe(({ query }) => {
        if (query.state.error && troubleOf(query.state.error) === 'unauthenticated') onRefused(query.state.error.message)
      }),
    [cache, onRefused],
  )
  return (
    <QueryClientProvider client={cache}>
      <WithWho client={client} onUse={onUse} onEnter={onEnter}>
        {children}
      </WithWho>
    </QueryClientProvider>
  )
}

type WhoProps = Pick<Props, 'onUse' | 'onEnter' | 'children'> & { client: Client }

function WithWho({ client, onUse, onEnter, children }: WhoProps) {
  const { data, error, refetch } = useQuery({
    queryKey: ['who'],
    queryFn: async ({ signal }) => readWho(await client.request(WHO, {}, { signal })),
    staleTime: 60_000,
  })
  const session = useMemo<Session | undefined>(
    () =>
      data && {
        client,
        who: data,
        may: (permission) => data.permissions.has(permission),
        use: onUse,
        enter: onEnter,
      },
    [client, data, onUse, onEnter],
  )
  if (!session) return <Waiting error={error} onRetry={() => void refetch()} onLeave={() => onUse('', false)} />
  return <SessionContext value={session}>{children}</SessionContext>
}

function createCache(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        // A server that restarts is back in a moment; a refusal stays one.
        retry: (failures, error) => failures < 2 && ['offline', 'busy'].includes(troubleOf(error)),
        retryDelay: 700,
        staleTime: 2_000,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  })
}
