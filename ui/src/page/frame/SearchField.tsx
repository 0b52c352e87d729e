import { CloseButton, Kbd, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { type RefObject, useEffect, useState } from 'react'

import { setParams } from './route'

interface Props {
  label: string
  placeholder?: string
  /** The parameter of the address that is typed here. */
  name: string
  value: string
  /** The key that comes here, as a hint. */
  hint?: string
  className?: string
  inputRef?: RefObject<HTMLInputElement | null>
  disabled?: boolean
}

/** A text that narrows down what is shown, a moment after it is typed. */
export function SearchField({ label, placeholder = label, name, value, hint, inputRef, ...rest }: Props) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  const search = useDebouncedCallback((next: string) => setParams({ [name]: next, page: undefined }, 'replace'), 250)
  const type = (next: string) => {
    setText(next)
    search(next)
  }
  const clear = <CloseButton size="xs" aria-label={`Clear: ${label}`} onClick={() => type('')} />
  return (
    <TextInput
      {...rest}
      {...(inputRef && { ref: inputRef })}
      type="search"
      aria-label={label}
      placeholder={placeholder}
      leftSection={<IconSearch size={14} />}
      rightSection={text ? clear : hint && <Kbd size="xs">{hint}</Kbd>}
      value={text}
      onChange={(event) => type(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Escape' && type('')}
    />
  )
}
