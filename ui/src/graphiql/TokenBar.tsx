import { type FormEvent, useState } from 'react'

import { readToken } from '../shared/token'

/** What is known of the token. */
export type TokenState = 'none' | 'asking' | 'accepted' | 'refused' | 'unanswered'

const SAYS: Record<TokenState, string> = {
  none: 'No token yet: highwater token create prints one.',
  asking: 'Asking the server…',
  accepted: 'The server takes this token.',
  refused: 'The server refuses this token.',
  unanswered: 'The server does not answer.',
}

interface Props {
  token: string
  state: TokenState
  onUse: (token: string) => void
}

/** The bar with the token field; the token in it is used once the form is sent. */
export function TokenBar({ token, state, onUse }: Props) {
  const [draft, setDraft] = useState(token)
  const read = readToken(draft)

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (read !== undefined && read !== token) onUse(read)
  }

  return (
    <header className="token-bar">
      <a href="/">Highwater</a>
      <form onSubmit={submit}>
        <label htmlFor="token">Token</label>
        <input
          id="token"
          type="password"
          placeholder="paste it here"
          autoComplete="off"
          spellCheck={false}
          value={draft}
          aria-invalid={read === undefined || state === 'refused'}
          aria-describedby="token-state"
          onChange={(event) => setDraft(event.target.value)}
        />
        <button type="submit" disabled={read === undefined || read === token}>
          Use
        </button>
        <button type="button" disabled={!token} onClick={() => onUse('')}>
          Forget
        </button>
      </form>
      <output id="token-state" htmlFor="token" data-state={state}>
        {read === undefined ? 'A token is one line of plain characters.' : SAYS[state]}
      </output>
    </header>
  )
}
