import { GraphiQL } from 'graphiql'
import { useEffect, useMemo, useState } from 'react'

import { storedTenant, storedToken, storeToken } from '../shared/token'
import { TokenBar, type TokenState } from './TokenBar'
import { createTransport } from './transport'

const FIRST_QUERY = `# Paste a token above, then press Ctrl-Enter.
# Ctrl-Space completes; the book is the schema.

query Latest {
  key_value(limit: 10, order_by: [{ updated: desc }]) {
    key
    value
    updated
  }
}
`

function judge(token: string, status: number | undefined): TokenState {
  if (!token) return 'none'
  if (status === undefined || status >= 500) return 'unanswered'
  return status === 401 ? 'refused' : 'accepted'
}

/** GraphiQL, below a bar with the token. */
export function App() {
  const [token, setToken] = useState(storedToken)
  const [state, setState] = useState<TokenState>(token ? 'asking' : 'none')

  const transport = useMemo(() => createTransport(token, storedTenant(), (status) => setState(judge(token, status))), [token])
  useEffect(() => transport.close, [transport])

  const use = (next: string) => {
    storeToken(next)
    setToken(next)
    setState(next ? 'asking' : 'none')
  }

  return (
    <>
      <TokenBar key={token} token={token} state={state} onUse={use} />
      <main>
        <GraphiQL
          fetcher={transport.fetcher}
          // Who shows no token is told no schema: null means not to ask for it.
          {...(token ? {} : { schema: null })}
          defaultQuery={FIRST_QUERY}
          inputValueDeprecation
          schemaDescription
          // What is typed there would be kept in the history, in local storage: no place for a token.
          isHeadersEditorEnabled={false}
          shouldPersistHeaders={false}
          showPersistHeadersSettings={false}
        >
          <GraphiQL.Logo>GraphiQL</GraphiQL.Logo>
        </GraphiQL>
      </main>
    </>
  )
}
