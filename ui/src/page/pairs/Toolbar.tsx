import {
  ActionIcon,
  Button,
  Checkbox,
  Menu,
  MultiSelect,
  SegmentedControl,
  Select,
  Tooltip,
} from '@mantine/core'
import { IconColumns, IconFilter, IconPlus } from '@tabler/icons-react'
import { type RefObject, useState } from 'react'

import { branches, useNamespaces } from '../api/namespaces'
import { setParams } from '../frame/route'
import { SearchField } from '../frame/SearchField'
import { useSession } from '../session'
import { KIND_NAMES, KINDS } from '../values/kinds'
import { COLUMN_NAMES } from './columns'
import { isFiltered, type View } from './view'

interface Props {
  view: View
  tree: boolean
  searchRef: RefObject<HTMLInputElement | null>
  visible: Record<string, boolean>
  onVisible: (visible: Record<string, boolean>) => void
}

/** Search, filters, and what is shown how. */
export function Toolbar({ view, tree, searchRef, visible, onVisible }: Props) {
  const { may } = useSession()
  const [open, setOpen] = useState(() => Boolean(view.kinds.length || view.ends || view.since))
  const narrowed = [view.kinds.length > 0, view.ends, view.since].filter(Boolean).length

  return (
    <div className="toolbar">
      <div className="toolbar-row">
        <SearchField
          className="search"
          label="Search keys and descriptions"
          placeholder="Search, or a pattern: etl/*"
          name="q"
          value={view.search}
          hint="/"
          inputRef={searchRef}
          disabled={tree}
        />
        <NamespaceFilter value={view.namespace} />
        <Button
          variant={narrowed ? 'light' : 'default'}
          leftSection={<IconFilter size={14} />}
          aria-expanded={open}
          disabled={tree}
          onClick={() => setOpen(!open)}
        >
          Filters{narrowed > 0 && ` (${narrowed})`}
        </Button>
        <span className="spring" />
        <SegmentedControl
          size="xs"
          aria-label="Show as"
          value={tree ? 'tree' : 'table'}
          onChange={(as) => setParams({ as: as === 'tree' ? 'tree' : undefined, page: undefined })}
          data={[
            { value: 'table', label: 'Table' },
            { value: 'tree', label: 'Tree' },
          ]}
        />
        {!tree && <ColumnMenu visible={visible} onVisible={onVisible} />}
        <Tooltip label={may('create:key-value') ? 'New pair (n)' : 'The token may not create pairs'}>
          <Button
            leftSection={<IconPlus size={14} />}
            data-disabled={!may('create:key-value')}
            aria-disabled={!may('create:key-value')}
            onClick={() => may('create:key-value') && setParams({ open: 'new', tab: undefined })}
          >
            New pair
          </Button>
        </Tooltip>
      </div>
      {open && !tree && <Filters view={view} />}
    </div>
  )
}

function NamespaceFilter({ value }: { value: string }) {
  const { data } = useNamespaces()
  const offered = branches(data?.map(({ name }) => name) ?? [])
  // One that is gone, or beyond the list's end, is still what is shown.
  const names = value && !offered.includes(value) ? [value, ...offered] : offered
  return (
    <Select
      className="namespace-filter"
      aria-label="Namespace"
      placeholder="All namespaces"
      searchable
      clearable
      limit={200}
      nothingFoundMessage="No such namespace"
      clearButtonProps={{ 'aria-label': 'All namespaces' }}
      data={names}
      value={value || null}
      onChange={(namespace) => setParams({ namespace: namespace ?? undefined, page: undefined, at: undefined })}
    />
  )
}

function Filters({ view }: { view: View }) {
  return (
    <div className="toolbar-row">
      <MultiSelect
        size="xs"
        className="type-filter"
        aria-label="Type"
        placeholder={view.kinds.length ? '' : 'Any type'}
        clearable
        data={KINDS.map((kind) => ({ value: kind, label: KIND_NAMES[kind] }))}
        value={view.kinds}
        onChange={(kinds) => setParams({ type: kinds.join(','), page: undefined })}
      />
      <Select
        aria-label="Expires"
        placeholder="Expires or not"
        clearable
        data={[
          { value: 'never', label: 'Never expires' },
          { value: 'ever', label: 'Expires some time' },
          { value: 'day', label: 'Expires within a day' },
          { value: 'week', label: 'Expires within a week' },
        ]}
        value={view.ends || null}
        onChange={(ends) => setParams({ ends: ends ?? undefined, page: undefined })}
      />
      <Select
        aria-label="Updated"
        placeholder="Updated any time"
        clearable
        data={[
          { value: 'hour', label: 'Updated in the last hour' },
          { value: 'day', label: 'Updated in the last day' },
          { value: 'week', label: 'Updated in the last week' },
        ]}
        value={view.since || null}
        onChange={(since) => setParams({ since: since ?? undefined, page: undefined })}
      />
      <Checkbox
        size="xs"
        label="Search in values too"
        checked={view.deep}
        onChange={(event) => setParams({ in: event.currentTarget.checked ? 'values' : undefined, page: undefined })}
      />
      {(isFiltered(view) || view.deep) && (
        <Button variant="subtle" onClick={clearFilters}>
          Clear all
        </Button>
      )}
    </div>
  )
}

/** Shows everything again. */
export function clearFilters(): void {
  const none = { q: undefined, namespace: undefined, type: undefined, ends: undefined, since: undefined }
  setParams({ ...none, in: undefined, page: undefined })
}

function ColumnMenu({ visible, onVisible }: Pick<Props, 'visible' | 'onVisible'>) {
  return (
    <Menu closeOnItemClick={false}>
      <Menu.Target>
        <Tooltip label="Columns">
          <ActionIcon variant="default" size={30} aria-label="Columns">
            <IconColumns size={16} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Columns</Menu.Label>
        {Object.entries(COLUMN_NAMES).map(([id, name]) => (
          <Menu.CheckboxItem
            key={id}
            checked={visible[id] !== false}
            onChange={(checked) => onVisible({ ...visible, [id]: checked })}
          >
            {name}
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
