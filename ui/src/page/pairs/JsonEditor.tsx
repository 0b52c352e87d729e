import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import { bracketMatching, foldGutter, foldKeymap, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language'
import { type Diagnostic, linter, lintGutter } from '@codemirror/lint'
import { EditorState } from '@codemirror/state'
import { EditorView, highlightActiveLine, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view'
import { Button, Group, Text } from '@mantine/core'
import { tags } from '@lezer/highlight'
import { useEffect, useRef } from 'react'

import { prettyJson, readJson } from '../values/json'

interface Props {
  value: string
  readOnly: boolean
  invalid: boolean
  onChange: (value: string) => void
}

/** An editor of JSON that says where it stops being JSON. */
export default function JsonEditor({ value, readOnly, invalid, onChange }: Props) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const changed = useRef(onChange)
  changed.current = onChange

  useEffect(() => {
    if (!host.current) return
    // In a shadow tree the editor keeps its styles in a constructed sheet; outside it would write a style element,
    // which the page's policy forbids.
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' })
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: value,
        extensions: [...extensions(readOnly), EditorView.updateListener.of((update) => {
          if (update.docChanged) changed.current(update.state.doc.toString())
        })],
      }),
    })
    view.current = editor
    return () => editor.destroy()
    // What is typed goes out; what comes in is handled below.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [readOnly])

  useEffect(() => {
    const editor = view.current
    if (editor && editor.state.doc.toString() !== value) {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } })
    }
  }, [value])

  const { fault } = readJson(value)
  return (
    <>
      <div ref={host} className="json-editor" data-invalid={invalid || undefined} />
      <Group justify="space-between" mt={4}>
        <Text size="xs" c={fault ? 'red' : 'dimmed'} aria-live="polite">
          {fault ? `Line ${fault.line}, column ${fault.column}: ${fault.message}` : 'JSON, as it should be'}
        </Text>
        {!readOnly && (
          <Button size="compact-xs" variant="subtle" disabled={Boolean(fault)} onClick={() => onChange(prettyJson(value))}>
            Format
          </Button>
        )}
      </Group>
    </>
  )
}

function extensions(readOnly: boolean) {
  return [
    lineNumbers(),
    foldGutter(),
    highlightSpecialChars(),
    highlightActiveLine(),
    history(),
    indentOnInput(),
    bracketMatching(),
    json(),
    syntaxHighlighting(colors),
    linter(faults, { delay: 200 }),
    lintGutter(),
    keymap.of([...defaultKeymap, ...historyKeymap, ...foldKeymap, indentWithTab]),
    EditorState.readOnly.of(readOnly),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': 'Value, as JSON' }),
    look,
  ]
}

function faults({ state }: EditorView): Diagnostic[] {
  const { fault } = readJson(state.doc.toString())
  if (!fault) return []
  const from = Math.min(fault.offset, state.doc.length)
  return [{ from, to: Math.min(from + 1, state.doc.length), severity: 'error', message: fault.message }]
}

// The page's variables reach into the shadow tree.
const look = EditorView.theme({
  '&': { fontSize: '13px', maxHeight: '60vh', color: 'var(--mantine-color-text)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', overflow: 'auto' },
  '.cm-content': { minHeight: '8rem', caretColor: 'var(--mantine-color-text)' },
  '.cm-cursor': { borderLeftColor: 'var(--mantine-color-text)' },
  '.cm-gutters': { background: 'var(--page-back)', color: 'var(--mantine-color-dimmed)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { background: 'var(--page-hover)' },
  '.cm-tooltip': { background: 'var(--mantine-color-body)', border: '1px solid var(--page-line)' },
})

const colors = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--page-json-key)' },
  { tag: tags.string, color: 'var(--page-json-text)' },
  { tag: tags.number, color: 'var(--page-json-number)' },
  { tag: [tags.bool, tags.null], color: 'var(--page-json-word)' },
])
