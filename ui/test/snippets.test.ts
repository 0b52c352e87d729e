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
    const lines = snippets({ origin: 'http://h:1', namespace: 'a.b', key: HOSTILE, json: '{"a":1.0}' })
    expect(lines.map(({ name }) => name)).toContain('Python')
    for (const { text } of lines) expect(text).toMatch(/\$TOKEN|mutation/)
  })

  test('Prefect sets text only, so nothing else is offered to be set', () => {
    const of = (json: string) =>
      snippets({ origin: 'http://h:1', namespace: 'default', key: 'k', json }).find(({ name }) => name === 'Prefect CLI')?.text
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
