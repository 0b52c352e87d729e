import { ActionIcon, Menu } from '@mantine/core'
import { IconCode, IconCopy, IconDots, IconEdit, IconKey, IconTrash } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'

import { type Row, VALUE } from '../api/pairs'
import { setParams } from '../frame/route'
import { useSession } from '../session'
import { asKind } from '../values/kinds'
import { copy } from './copy'
import { deleteSoon } from './deletes'
import { plain } from './plain'

/** What can be done with a row. */
export function RowMenu({ row }: { row: Row }) {
  const { client, may } = useSession()
  const cache = useQueryClient()
  // The row has the start of the value only.
  const value = async () => {
    const { key_value_by_pk: pair } = await client.request(VALUE, { id: row.id })
    return plain(asKind(row.type), pair?.value_text ?? '')
  }
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon size="sm" aria-label={`Actions for ${row.key}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconEdit size={14} />} onClick={() => setParams({ open: row.id })}>
          {may('update:key-value') ? 'Edit' : 'View'}
        </Menu.Item>
        <Menu.Item leftSection={<IconKey size={14} />} onClick={() => void copy('Key', row.key)}>
          Copy the key
        </Menu.Item>
        <Menu.Item leftSection={<IconCopy size={14} />} onClick={() => void copy('Value', value())}>
          Copy the value
        </Menu.Item>
        <Menu.Item leftSection={<IconCode size={14} />} onClick={() => setParams({ open: row.id, tab: 'code' })}>
          Code to paste
        </Menu.Item>
        {may('delete:key-value') && (
          <>
            <Menu.Divider />
            <Menu.Item
              color="red"
              leftSection={<IconTrash size={14} />}
              onClick={() => deleteSoon(row, client, cache)}
            >
              Delete
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
