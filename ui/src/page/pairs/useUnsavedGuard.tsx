import { Button, Group, Modal, Text } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'

import { setGuard } from '../frame/route'

/** Asks before the page is left while something in a form is not saved. Gives the question, to be shown. */
export function useUnsavedGuard(dirty: boolean): ReactNode {
  const [leave, setLeave] = useState<() => void>()

  useEffect(() => {
    if (!dirty) return
    // The browser asks in its own words when the tab is closed.
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', onUnload)
    setGuard((go) => setLeave(() => go))
    return () => {
      window.removeEventListener('beforeunload', onUnload)
      setGuard(undefined)
    }
  }, [dirty])

  const stay = () => setLeave(undefined)
  return (
    <Modal opened={leave !== undefined} onClose={stay} title="Leave without saving?" zIndex={300}>
      <Text size="sm">What you changed here is lost.</Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" data-autofocus onClick={stay}>
          Go on editing
        </Button>
        <Button color="red" onClick={leave}>
          Leave
        </Button>
      </Group>
    </Modal>
  )
}
