import { ActionIcon, NativeSelect, Text, TextInput } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconChevronsLeft, IconChevronsRight } from '@tabler/icons-react'
import { type FormEvent, useEffect, useState } from 'react'

import { setParams } from '../frame/route'
import { count } from '../values/size'
import { PAGE_SIZES, type View } from './view'

interface Props {
  view: View
  /** Rows on this page. */
  shown: number
  /** Rows on all pages, once they are counted. */
  total: number | undefined
}

/** Which rows these are, and the way to the others. */
export function Pager({ view, shown, total }: Props) {
  const first = (view.page - 1) * view.size + 1
  const last = first + shown - 1
  const pages = total === undefined ? undefined : Math.max(1, Math.ceil(total / view.size))
  const to = (page: number) => setParams({ page: page > 1 ? String(page) : undefined })
  const more = pages === undefined ? shown === view.size : view.page < pages

  const [draft, setDraft] = useState(String(view.page))
  useEffect(() => setDraft(String(view.page)), [view.page])
  const jump = (event: FormEvent) => {
    event.preventDefault()
    const page = Number(draft)
    if (Number.isSafeInteger(page) && page >= 1) to(Math.min(page, pages ?? page))
    else setDraft(String(view.page))
  }

  return (
    <nav className="pager" aria-label="Pages">
      <Text size="xs" c="dimmed" aria-live="polite">
        {shown ? `${count(first)}–${count(last)}` : 'None'}
        {total !== undefined && ` of ${count(total)}`}
      </Text>
      <span className="spring" />
      <NativeSelect
        size="xs"
        aria-label="Rows on a page"
        data={PAGE_SIZES.map((size) => ({ value: String(size), label: `${size} rows` }))}
        value={String(view.size)}
        onChange={(event) => setParams({ size: event.currentTarget.value, page: undefined })}
      />
      <ActionIcon aria-label="First page" disabled={view.page === 1} onClick={() => to(1)}>
        <IconChevronsLeft size={16} />
      </ActionIcon>
      <ActionIcon aria-label="Previous page" disabled={view.page === 1} onClick={() => to(view.page - 1)}>
        <IconChevronLeft size={16} />
      </ActionIcon>
      <form onSubmit={jump}>
        <TextInput
          className="page-number"
          inputMode="numeric"
          aria-label={pages === undefined ? 'Page' : `Page, of ${count(pages)}`}
          value={draft}
          onChange={(event) => setDraft(event.currentTarget.value)}
          onBlur={() => setDraft(String(view.page))}
        />
      </form>
      <ActionIcon aria-label="Next page" disabled={!more} onClick={() => to(view.page + 1)}>
        <IconChevronRight size={16} />
      </ActionIcon>
      <ActionIcon aria-label="Last page" disabled={!more || pages === undefined} onClick={() => to(pages ?? 1)}>
        <IconChevronsRight size={16} />
      </ActionIcon>
    </nav>
  )
}
