import { describe, expect, test } from 'vitest'

import { countedBytes, fitsTextField, fromField, isDay, isDuration, KINDS, type Kind, toField } from '../src/page/values/kinds'

describe('a value and its field', () => {
  test.each<[Kind, string]>([
    ['STRING', '"line\\nline \\"quoted\\" 😀"'],
    ['STRING', '"123"'],
    ['STRING', '" spaces stay "'],
    ['NUMBER', '1.0'],
    ['NUMBER', '12345678901234567890123.4500'],
    ['BOOLEAN', 'false'],
    ['DATETIME', '"2026-01-31T08:30:00.250Z"'],
    ['DATE', '"2024-02-29"'],
    ['DURATION', '"P1DT2H30M"'],
    ['JSON', '{"z":1.0,"a":[12345678901234567890],"z":2}'],
    ['BINARY', '"AAECAwT/"'],
  ])('%s %s comes back as it was', (kind, json) => {
    expect(fromField(kind, toField(kind, json))).toEqual({ json })
  })

  test.each<[Kind, string]>([
    ['NUMBER', 'twelve'],
    ['NUMBER', '1,000'],
    ['NUMBER', ''],
    ['BOOLEAN', 'yes'],
    ['DATETIME', '2026-01-31T08:30:00'],
    ['DATETIME', '2026-02-30T08:30:00Z'],
    ['DATETIME', '2026-01-31T24:30:00Z'],
    ['DATE', '2026-02-29'],
    ['DATE', '31.1.2026'],
    ['DURATION', 'P1Y'],
    ['DURATION', '5 minutes'],
    ['JSON', '{"a": }'],
  ])('%s does not take %j, and says what it takes', (kind, field) => {
    const { json, problem } = fromField(kind, field)
    expect(json).toBeUndefined()
    expect(problem).toMatch(/[A-Z].*[.]$/)
  })

  test('a fault in JSON is named by line and column', () => {
    expect(fromField('JSON', '{\n  "a": 1,\n}').problem).toContain('Line 3, column 1')
  })

  test('a number keeps every digit as it was typed', () => {
    expect(fromField('NUMBER', ' 0.10 ')).toEqual({ json: '0.10' })
  })

  test('what was typed as text stays text', () => {
    expect(fromField('STRING', '123').json).toBe('"123"')
    expect(fromField('STRING', 'null').json).toBe('"null"')
  })

  test('every type has a field that opens', () => {
    for (const kind of KINDS) expect(typeof toField(kind, '"x"')).toBe('string')
  })
})

test.each([['a\tb\nc', true], ['😀', true], ['a\r\nb', false], ['nul\u0000', false], ['\ud800', false]])(
  '%j survives a text field: %s',
  (text, fits) => {
    expect(fitsTextField(text)).toBe(fits)
  },
)

test.each([['2000-02-29', true], ['1900-02-29', false], ['2026-13-01', false], ['2026-04-31', false], ['2026-1-1', false]])(
  '%s is a day: %s',
  (text, is) => {
    expect(isDay(text)).toBe(is)
  },
)

test.each([['PT5M', true], ['P1D', true], ['P1DT2H3M4.5S', true], ['PT', false], ['P', false], ['P1W', false], ['P1M', false], ['1D', false]])(
  '%s is a duration: %s',
  (text, is) => {
    expect(isDuration(text)).toBe(is)
  },
)

test('bytes are counted as the server counts them: packed, in UTF-8', () => {
  expect(countedBytes('{ "a" : "é😀" }')).toBe('{"a":""}'.length + 2 + 4)
  expect(countedBytes('{')).toBeUndefined()
})
