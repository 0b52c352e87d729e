import { expect, test } from 'vitest'

import { Raw, stringify } from '../src/page/api/raw'
import { answered } from '../src/page/api/errors'
import { branches } from '../src/page/api/namespaces'
import { bytes, count } from '../src/page/values/size'
import { ago, fromLocalField, toLocalField } from '../src/page/values/time'

const NOW = Date.parse('2026-11-21T12:00:00Z')

test.each([
  ['2026-11-21T11:59:58Z', 'just now'],
  ['2026-11-21T11:59:30Z', '30 seconds ago'],
  ['2026-11-21T11:00:00Z', '1 hour ago'],
  ['2026-11-22T11:59:58Z', 'in 24 hours'],
  ['2026-11-19T12:00:00Z', '2 days ago'],
  ['2026-12-21T12:00:00Z', 'in 30 days'],
  ['2025-11-20T12:00:00Z', '12 months ago'],
  ['2020-11-20T12:00:00Z', '6 years ago'],
  ['nonsense', 'nonsense'],
])('%s is read as "%s"', (instant, text) => {
  expect(ago(instant, NOW)).toBe(text)
})

test('an instant survives the picker of its day and time', () => {
  const instant = new Date('2026-06-30T22:15:07Z')
  expect(fromLocalField(toLocalField(instant))).toBe('2026-06-30T22:15:07Z')
  expect(fromLocalField('')).toBeUndefined()
})

test('counts and sizes are short', () => {
  expect(count(1_000_000)).toBe('1,000,000')
  expect([1, 9_999, 10_000, 1_500_000].map(bytes)).toEqual(['1 byte', '9,999 bytes', '10 kB', '1.5 MB'])
})

test('what is sent keeps its numbers', () => {
  expect(stringify({ a: [new Raw('1.0'), undefined], b: undefined, c: 'x"' })).toBe('{"a":[1.0,null],"c":"x\\""}')
})

test('a refusal is told in the words of the server, as a sentence', () => {
  const error = answered(200, [{ message: 'the key is empty', extensions: { code: 'LIMIT_EXCEEDED' } }])
  expect([error.message, error.trouble]).toEqual(['The key is empty.', 'limit'])
  expect(answered(401, undefined).trouble).toBe('unauthenticated')
  expect(answered(503, 'no JSON').trouble).toBe('offline')
})

test('namespaces are offered with the branches above them', () => {
  expect(branches(['a.b.c', 'a.b', 'z'])).toEqual(['a.*', 'a.b', 'a.b.*', 'a.b.c', 'z'])
})
