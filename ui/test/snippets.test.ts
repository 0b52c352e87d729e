import { execFileSync } from 'node:child_process'

import { describe, expect, test } from 'vitest'

import { prefectLines, pythonValue, shell, snippets } from '../src/page/values/snippets'

const HOSTILE = `it's "$HOME" \`id\` $(id) \\ ; rm -rf`

describe('lines to paste', () => {
  test('a shell reads the very word', () => {
    const printed = execFileSync('sh', ['-c', `printf %s ${shell(HOSTILE)}`], { encoding: 'utf8' })
    expect(printed).toBe(HOSTILE)
  })

  test('name the address, and never a token', () => {
    const lines = snippets({ origin: 'http://h:1', namespace: 'a.b', key: HOSTILE, kind: 'JSON', json: '{"a":1.0}' })
    expect(lines.map(({ name }) => name)).toContain('Python')
    for (const { text } of lines) expect(text).toMatch(/\$TOKEN|mutation/)
  })

  test.each([
    ['k', 'STRING', '"v w"', "set k 'v w'"],
    ['k', 'NUMBER', '1.50', 'set --type number k 1.50'],
    ['k', 'JSON', '"text"', `set --type json k '"text"'`],
    ['k', 'DATE', '"2026-01-01"', 'set --type date k 2026-01-01'],
    ['-k', 'STRING', '"v"', 'set -- -k v'],
    ['k', 'STRING', '"-"', `set --json --type string k '"-"'`],
    ['k', 'STRING', '"\\u0000"', `set --json --type string k '"\\u0000"'`],
    ['k', 'STRING', '"😀"', `set k '😀'`],
  ] as const)('%s, a %s of %s, is set from a shell', (key, kind, json, line) => {
    const made = snippets({ origin: 'http://h:1', namespace: 'default', key, kind, json })
    expect(made.find(({ name }) => name === 'Highwater CLI')?.text).toContain(`highwater kv -n default ${line}`)
  })

  test('Prefect sets text only, so nothing else is offered to be set', () => {
    const of = (json: string) =>
      snippets({ origin: 'http://h:1', namespace: 'default', key: 'k', kind: 'STRING', json }).find(({ name }) => name === 'Prefect CLI')?.text
    expect(of('"v"')).toContain('prefect kv set k v')
    expect(of('42')).not.toContain('kv set')
  })

  test.each([
    ['{"a":true,"b":[null,false]}', '{"a":True,"b":[None,False]}'],
    ['"true \\/ null"', '"true / null"'],
    ['"\\ud83d\\ude00"', '"😀"'],
    ['12345678901234567890', '12345678901234567890'],
  ])('%s is %s in Python', (json, python) => {
    expect(pythonValue(json)).toBe(python)
  })

  test('what points Prefect here is one line each', () => {
    expect(prefectLines('http://h:1', 'abc').split('\n')).toHaveLength(3)
  })
})
