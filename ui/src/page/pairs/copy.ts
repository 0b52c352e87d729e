import { notifications } from '@mantine/notifications'

/** Puts a text on the clipboard, and says so. */
export async function copy(what: string, text: string | Promise<string>): Promise<void> {
  try {
    await write(await text)
    notifications.show({ message: `${what} copied`, autoClose: 1800, withCloseButton: false })
  } catch {
    notifications.show({ color: 'red', title: `${what} not copied`, message: 'The browser did not allow it.' })
  }
}

async function write(text: string): Promise<void> {
  // Browsers have the clipboard for https and for this computer only; servers inside a company often speak http.
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  const field = document.createElement('textarea')
  field.value = text
  field.style.position = 'fixed'
  field.style.opacity = '0'
  document.body.append(field)
  field.select()
  const done = document.execCommand('copy')
  field.remove()
  if (!done) throw new Error('refused')
}
