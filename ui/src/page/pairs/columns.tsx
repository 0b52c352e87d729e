import { ActionIcon, Checkbox, Tooltip } from '@mantine/core'
import { IconCopy } from '@tabler/icons-react'
import {
  columnVisibilityFeature,
  createColumnHelper,
  rowSelectionFeature,
  tableFeatures,
} from '@tanstack/react-table'

import type { Row } from '../api/pairs'
import { asKind } from '../values/kinds'
import { copy } from './copy'
import { Instant } from './Instant'
import { KindBadge } from './KindBadge'
import { OpenLink } from './OpenLink'
import { RowMenu } from './RowMenu'

/** What the table does itself; searching, sorting and paging are the server's. */
export const features = tableFeatures({ columnVisibilityFeature, rowSelectionFeature })

declare module '@tanstack/react-table' {
  interface TableMeta<TFeatures, TData> {
    now: number
    /** Unused: the interface has to have the library's parameters. */
    of?: [TFeatures, TData]
  }
}

const helper = createColumnHelper<typeof features, Row>()

/** The names of the columns that may be hidden. */
export const COLUMN_NAMES: Record<string, string> = {
  value: 'Value',
  type: 'Type',
  namespace: 'Namespace',
  description: 'Description',
  updated: 'Updated',
  expires_at: 'Expires',
  version: 'Version',
}

/** The columns. */
export const columns = helper.columns([
  helper.display({
    id: 'select',
    header: ({ table }) => (
      <Checkbox
        size="xs"
        aria-label="Select all on this page"
        checked={table.getIsAllPageRowsSelected()}
        indeterminate={table.getIsSomePageRowsSelected() && !table.getIsAllPageRowsSelected()}
        onChange={table.getToggleAllPageRowsSelectedHandler()}
      />
    ),
    cell: ({ row }) => (
      <Checkbox
        size="xs"
        aria-label={`Select ${row.original.key}`}
        checked={row.getIsSelected()}
        onChange={row.getToggleSelectedHandler()}
      />
    ),
  }),
  helper.accessor('key', {
    header: 'Key',
    cell: ({ row }) => (
      <div className="key-cell">
        <OpenLink id={row.original.id}>{row.original.key}</OpenLink>
        <Tooltip label="Copy the key">
          <ActionIcon
            size="xs"
            className="on-hover"
            tabIndex={-1}
            aria-label={`Copy the key ${row.original.key}`}
            onClick={() => void copy('Key', row.original.key)}
          >
            <IconCopy size={14} />
          </ActionIcon>
        </Tooltip>
      </div>
    ),
  }),
  helper.accessor('value_text', {
    id: 'value',
    header: 'Value',
    cell: ({ getValue }) => <span className="mono value-preview">{getValue()}</span>,
  }),
  helper.accessor('type', { header: 'Type', cell: ({ getValue }) => <KindBadge kind={asKind(getValue())} /> }),
  helper.accessor('namespace', { header: 'Namespace' }),
  helper.accessor('description', { header: 'Description', cell: ({ getValue }) => getValue() ?? '' }),
  helper.accessor('updated', {
    header: 'Updated',
    cell: ({ getValue, table }) => <Instant at={getValue()} now={table.options.meta?.now ?? 0} />,
  }),
  helper.accessor('expires_at', {
    header: 'Expires',
    cell: ({ getValue, table }) => {
      const end = getValue()
      return end ? <Instant at={end} now={table.options.meta?.now ?? 0} /> : <span className="dim">never</span>
    },
  }),
  helper.accessor('version', { header: 'Version' }),
  helper.display({
    id: 'actions',
    header: () => <span className="sr-only">Actions</span>,
    cell: ({ row }) => <RowMenu row={row.original} />,
  }),
])
