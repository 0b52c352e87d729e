import { Button, Code, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconCloudOff, IconDatabase, IconHourglass, IconLock, IconMoodSad, IconSearchOff } from '@tabler/icons-react'
import type { ReactNode } from 'react'

import { said, troubleOf } from '../api/errors'
import { setParams } from '../frame/route'
import { useSession } from '../session'
import { clearFilters } from './Toolbar'
import { isFiltered, type View } from './view'

interface Props {
  view: View
  error: Error | null
  empty?: boolean
  onRetry?: () => void
}

/** What stands where the table would: because it is on its way, or because there is none. */
export function PairsState({ view, error, empty, onRetry }: Props) {
  const { may } = useSession()
  if (error && troubleOf(error) === 'slow' && view.search) return <TooSlow search={view.search} />
  if (error) return <Failed error={error} {...(onRetry && { onRetry })} />
  if (!empty) return <Loading />
  if (isFiltered(view)) {
    return (
      <Message icon={<IconSearchOff />} title="No pair fits">
        <Text c="dimmed">Nothing is there under this search and these filters.</Text>
        <Button variant="default" onClick={clearFilters}>
          Show all pairs
        </Button>
      </Message>
    )
  }
  return (
    <Message icon={<IconDatabase />} title="No pairs yet">
      <Text c="dimmed">
        Flows write them with <Code>set_key_value("checkpoint", 42)</Code>, and they show here at once.
      </Text>
      {may('create:key-value') && <Button onClick={() => setParams({ open: 'new' })}>Create the first pair</Button>}
    </Message>
  )
}

/** A search through more than the server looks through in its time; the start of a key it finds by index. */
function TooSlow({ search }: { search: string }) {
  const start = `${search.replace(/[*?].*$/, '')}*`
  return (
    <Message icon={<IconHourglass />} title="Too many pairs to look through" alert>
      <Text c="dimmed">
        Searching for a text anywhere reads every pair. Choose a namespace, or look for the start of a key, which is quick.
      </Text>
      {start !== '*' && (
        <Button onClick={() => setParams({ q: start, in: undefined, page: undefined })}>
          Keys that start with {start.slice(0, -1)}
        </Button>
      )}
    </Message>
  )
}

/** What went wrong, and a way on. */
export function Failed({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  const retry = onRetry && <Button onClick={onRetry}>Try again</Button>
  switch (troubleOf(error)) {
    case 'forbidden':
      return (
        <Message icon={<IconLock />} title="Not for this token" alert>
          <Text c="dimmed">{said(error)}</Text>
        </Message>
      )
    case 'offline':
    case 'busy':
      return (
        <Message icon={<IconCloudOff />} title="The server cannot be reached" alert>
          <Text c="dimmed">{said(error)} What is stored there is not touched by this.</Text>
          {retry}
        </Message>
      )
    default:
      return (
        <Message icon={<IconMoodSad />} title="That did not work" alert>
          <Text c="dimmed">{said(error)}</Text>
          {retry}
        </Message>
      )
  }
}

/** Rows to come. */
export function Loading() {
  return (
    <Stack gap={6} p="md" role="status" aria-label="Loading">
      {Array.from({ length: 8 }, (_, row) => (
        <Skeleton key={row} height={26} radius="sm" />
      ))}
    </Stack>
  )
}

interface MessageProps {
  icon: ReactNode
  title: string
  alert?: boolean
  children?: ReactNode
}

/** A few words in the middle of an empty place. */
export function Message({ icon, title, alert, children }: MessageProps) {
  return (
    <div className="empty" role={alert ? 'alert' : 'status'}>
      <span className="empty-icon">{icon}</span>
      <Title order={2} size="h4">
        {title}
      </Title>
      {children}
      <Group />
    </div>
  )
}
