import type { MouseEvent, ReactNode } from 'react'

import { go, href, useRoute } from '../frame/route'

/** Opens a pair beside what is shown. */
export function OpenLink({ id, children }: { id: string; children: ReactNode }) {
  const { name, params } = useRoute()
  const next = new URLSearchParams(params)
  next.set('open', id)
  const to = href(name, next)
  const open = (event: MouseEvent) => {
    // A click with a key held opens a tab, as everywhere.
    if (event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    go(to)
  }
  return (
    <a href={to} className="mono key" data-key onClick={open}>
      {children}
    </a>
  )
}
