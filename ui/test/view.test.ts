import { describe, expect, test } from 'vitest'

import { condition, isFiltered, order, readView } from '../src/page/pairs/view'

const NOW = Date.parse('2026-11-21T12:00:30Z')
const view = (query: string) => readView(new URLSearchParams(query))
const where = (query: string) => condition(view(query), NOW).where

describe('what the address asks for', () => {
  test('nothing is everything, in the order that needs no sorting', () => {
    expect(condition(view(''), NOW)).toEqual({ namespace: '*', where: {} })
    expect(order(view(''))).toEqual([{ namespace: 'asc' }, { key: 'asc' }])
    expect(isFiltered(view(''))).toBe(false)
  })

  test('what makes no sense is as if it were not there', () => {
    expect(view('sort=value&page=-3&size=7&type=NONSENSE&ends=soon')).toEqual(view(''))
  })

  test('a text is looked for anywhere, with nothing special in it', () => {
    expect(where('q=50%25_a')).toEqual({
      _or: [{ key: { _ilike: '%50\\%\\_a%' } }, { description: { _ilike: '%50\\%\\_a%' } }],
    })
  })

  test('a pattern with its start known goes by the index', () => {
    expect(where('q=etl/*')).toEqual({ key: { _starts_with: 'etl/' } })
    expect(where('q=etl/*/rows?')).toEqual({ key: { _like: 'etl/%/rows_' } })
  })

  test('values are searched where that is asked for', () => {
    expect(where('q=done&in=values')).toMatchObject({ _or: [{}, {}, { value: { _cast: { String: { _ilike: '%done%' } } } }] })
  })

  test('a branch of namespaces is its root and what is below by dot', () => {
    expect(condition(view('namespace=a.b.*'), NOW)).toEqual({
      namespace: '*',
      where: { _or: [{ namespace: { _eq: 'a.b' } }, { namespace: { _starts_with: 'a.b.' } }] },
    })
    expect(condition(view('namespace=a.b'), NOW)).toEqual({ namespace: 'a.b', where: {} })
  })

  test('filters hold together, times to the minute', () => {
    expect(where('type=DATE,JSON&ends=day&since=hour')).toEqual({
      _and: [
        { type: { _in: ['DATE', 'JSON'] } },
        { expires_at: { _lt: '2026-11-22T12:00:00.000Z' } },
        { updated: { _gt: '2026-11-21T11:00:00.000Z' } },
      ],
    })
    expect(where('ends=never')).toEqual({ expires_at: { _is_null: true } })
  })

  test('ties are broken by the address, so that pages do not overlap', () => {
    expect(order(view('sort=-updated'))).toEqual([{ updated: 'desc_nulls_last' }, { namespace: 'asc' }, { key: 'asc' }])
    expect(order(view('sort=key'))).toEqual([{ key: 'asc_nulls_last' }, { namespace: 'asc' }])
  })
})
