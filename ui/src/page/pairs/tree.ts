/** One level of the tree that keys make, read without reading what is below it. */

/** What parts keys into branches. */
export type Separator = '/' | '.'

/** A key, or a branch that keys share. */
export interface Entry {
  /** What it is called on its level. */
  name: string
  /** The whole key; of a branch, what its keys start with. */
  path: string
  folder: boolean
}

/** Part of a level. */
export interface Branch {
  entries: Entry[]
  /** From after this key on there is more; nothing at the end. */
  more: string | undefined
}

/** Keys that are read at once. */
const CHUNK = 500

/** Entries of a part, and requests that it may take. */
const ENTRIES = 200
const REQUESTS = 20

/**
 * A part of the level below `prefix`: from after the key `after` on. `read` gives keys below the prefix, in order.
 *
 * A branch that goes on past what was read is skipped over as a whole, so that a million keys in one cost one request.
 */
export async function branch(
  prefix: string,
  separator: Separator,
  after: string | undefined,
  read: (after: string | undefined, limit: number) => Promise<string[]>,
): Promise<Branch> {
  const entries: Entry[] = []
  let from = after
  for (let request = 0; request < REQUESTS; request += 1) {
    const keys = await read(from, CHUNK)
    for (const key of keys) {
      const cut = key.indexOf(separator, prefix.length)
      const path = cut < 0 ? key : key.slice(0, cut + 1)
      if (entries.at(-1)?.path === path && cut >= 0) continue
      entries.push({ name: cut < 0 ? key.slice(prefix.length) : path.slice(prefix.length, -1), path, folder: cut >= 0 })
    }
    if (keys.length < CHUNK) return { entries, more: undefined }
    const last = entries.at(-1)
    from = last?.folder ? beyond(last.path) : keys.at(-1)
    if (entries.length >= ENTRIES) break
  }
  return { entries, more: from }
}

/** A text after every key that starts with `path`, and before every other: by code points, as the server orders. */
function beyond(path: string): string {
  return `${path}\u{10ffff}`
}
