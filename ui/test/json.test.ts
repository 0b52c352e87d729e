import { describe, expect, test } from 'vitest'

import { compactJson, isJsonNumber, prettyJson, readJson } from '../src/page/values/json'

describe('JSON by its text', () => {
  test.each([
    '12345678901234567890123',
    '1.0',
    '-0.50e+400',
    '{"b":1,"a":2,"10":3,"2":4}',
    '{"twice":1,"twice":2}',
    '"\\ud83d\\ude00 \\/ é 😀"',
    '[[],{},[{}],null,true,false]',
    '""',
  ])('%s survives being laid out and packed again', (text) => {
    expect(compactJson(prettyJson(text))).toBe(text)
  })

  test('is laid out over lines, empty brackets closed', () => {
    expect(prettyJson('{"a":[1,{"b":[]}],"c":{}}')).toBe(
      '{\n  "a": [\n    1,\n    {\n      "b": []\n    }\n  ],\n  "c": {}\n}',
    )
  })

  test.each([
    ['', 1, 1, 'expected a value'],
    ['{"a": 1,}', 1, 9, 'expected a key'],
    ['{"a": 1,\n  b: 2}', 2, 3, 'expected a key'],
    ['[1, 2', 1, 6, 'expected a comma or the closing bracket'],
    ['[1 2]', 1, 4, 'expected a comma or the closing bracket'],
    ['[1, ]', 1, 5, 'expected a value'],
    ['{"a" 1}', 1, 6, 'expected :'],
    ['[1}', 1, 3, 'expected a comma or the closing bracket'],
    ['1 2', 1, 3, 'nothing more'],
    ['01', 1, 1, 'expected a value'],
    ['1.', 1, 1, 'expected a value'],
    ['+1', 1, 1, 'expected a value'],
    ['NaN', 1, 1, 'expected a value'],
    ['truely', 1, 1, 'expected a value'],
    ["'a'", 1, 1, 'expected a value'],
    ['"a\nb"', 1, 1, 'no closing quote'],
    ['"\\x"', 1, 1, 'no closing quote'],
    ['{"a": "b', 1, 7, 'no closing quote'],
    ['{"a": 1} // no', 1, 10, 'nothing more'],
  ])('%j is refused at line %i, column %i', (text, line, column, message) => {
    const { fault } = readJson(text)
    expect([fault?.line, fault?.column]).toEqual([line, column])
    expect(fault?.message).toContain(message)
  })

  test('is read as the platform reads it, over random texts', () => {
    const signs = ['{', '}', '[', ']', ':', ',', '"a"', '1', 'true', 'null', ' ', '-', '0.5', '"', '\\']
    let seed = 7
    const random = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed % below
    }
    for (let round = 0; round < 20_000; round += 1) {
      const text = Array.from({ length: 1 + random(9) }, () => signs[random(signs.length)]).join('')
      let platform = true
      try {
        JSON.parse(text)
      } catch {
        platform = false
      }
      expect(readJson(text).tokens !== undefined, text).toBe(platform)
    }
  })
})

test.each([['42', true], ['-0', true], ['1e5', true], ['.5', false], ['1,5', false], ['0x10', false], ['Infinity', false], ['1 ', false]])(
  '%j is a number: %s',
  (text, is) => {
    expect(isJsonNumber(text)).toBe(is)
  },
)
