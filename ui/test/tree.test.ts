import { expect, test } from 'vitest'

import { branch } from '../src/page/pairs/tree'

/** As the server reads keys: by code points, from after one on. */
function store(keys: string[]) {
  const sorted = [...keys].sort()
  let requests = 0
  return {
    requests: () => requests,
    read: async (prefix: string, after: string | undefined, limit: number) => {
      requests += 1
      return sorted.filter((key) => key.startsWith(prefix) && (after === undefined || key > after)).slice(0, limit)
    },
  }
}

async function level(keys: string[], prefix: string, separator: '/' | '.' = '/') {
  const from = store(keys)
  const found = []
  let more: string | undefined
  do {
    const part = await branch(prefix, separator, more, (after, limit) => from.read(prefix, after, limit))
    found.push(...part.entries)
    more = part.more
  } while (more !== undefined)
  return { names: found.map(({ name, folder }) => (folder ? `${name}/` : name)), requests: from.requests() }
}

test('a level shows keys and branches, each once', async () => {
  const keys = ['a', 'a/b', 'a/c/d', 'b', 'etl/x', 'etl/y', 'z/']
  expect((await level(keys, '')).names).toEqual(['a', 'a/', 'b', 'etl/', 'z/'])
  expect((await level(keys, 'a/')).names).toEqual(['b', 'c/'])
  expect((await level(keys, 'z/')).names).toEqual([''])
})

test('dots part keys as well', async () => {
  expect((await level(['a.b', 'a.c', 'a/b'], '', '.')).names).toEqual(['a/', 'a/b'])
})

test('a branch of a hundred thousand keys is passed over in one request', async () => {
  const many = Array.from({ length: 100_000 }, (_, at) => `big/${String(at).padStart(6, '0')}`)
  const { names, requests } = await level(['a', ...many, 'c/d', 'z'], '')
  expect(names).toEqual(['a', 'big/', 'c/', 'z'])
  expect(requests).toBe(2)
})

test('a level of thousands comes in parts, with nothing twice or left out', async () => {
  const keys = Array.from({ length: 3_000 }, (_, at) => `k${String(at).padStart(5, '0')}`)
  expect((await level(keys, '')).names).toEqual(keys)
})
