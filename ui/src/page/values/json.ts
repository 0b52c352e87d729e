/**
 * JSON by its text. Numbers, the order of keys and keys that come twice stay as written, which `JSON.parse` and
 * `JSON.stringify` would change.
 */

/** Where a text stops being JSON; both count from 1. */
export interface JsonFault {
  line: number
  column: number
  /** The place in UTF-16 units, from 0. */
  offset: number
  message: string
}

/** The tokens of a JSON text, without the space between them. */
export type JsonTokens = { tokens: string[]; fault?: undefined } | { tokens?: undefined; fault: JsonFault }

const SPACE = /[ \t\r\n]*/y
// A string, a number, a word, or a sign.
const TOKEN =
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+])|(?:true|false|null)(?!\w)|[[\]{}:,]/y

/** Reads the whole of `text` as one JSON value. */
export function readJson(text: string): JsonTokens {
  const tokens: string[] = []
  // What stands open around the place, and what may come next there.
  const open: ('[' | '{')[] = []
  let next: Next = 'value'
  let at = spaceEnd(text, 0)
  while (next !== 'end' || at < text.length) {
    const token = match(TOKEN, text, at)
    const step: Next | undefined = token === undefined ? undefined : advance(token, next, open)
    if (step === undefined || token === undefined) return { fault: fault(text, at, next) }
    tokens.push(token)
    next = step
    at = spaceEnd(text, at + token.length)
  }
  return { tokens }
}

/** `text` without the space between its tokens, which is what the server keeps and counts. */
export function compactJson(text: string): string | undefined {
  return readJson(text).tokens?.join('')
}

/** `text` over lines, indented by two; as it is where it is not JSON. */
export function prettyJson(text: string): string {
  const { tokens } = readJson(text)
  if (!tokens) return text
  let out = ''
  let depth = 0
  tokens.forEach((token, index) => {
    const before = tokens[index - 1]
    const closes = token === ']' || token === '}'
    const empty = closes && (before === '[' || before === '{')
    if (closes) depth -= 1
    const breaks = !empty && (closes || before === '[' || before === '{' || before === ',')
    if (breaks) out += `\n${'  '.repeat(depth)}`
    out += token === ':' ? ': ' : token
    if (token === '[' || token === '{') depth += 1
  })
  return out
}

/** Whether `text` is a JSON number. */
export function isJsonNumber(text: string): boolean {
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)
}

type Next = 'value' | 'value or ]' | 'key or }' | 'key' | 'colon' | 'comma' | 'end'

/** What may come after `token`, where `next` may come; nothing where the token may not. */
function advance(token: string, next: Next, open: ('[' | '{')[]): Next | undefined {
  const after = (): Next => (open.length > 0 ? 'comma' : 'end')
  switch (next) {
    case 'value or ]':
    case 'value':
      if (token === ']' && next === 'value or ]') {
        open.pop()
        return after()
      }
      if (token === '[' || token === '{') {
        open.push(token)
        return token === '[' ? 'value or ]' : 'key or }'
      }
      return /^[\]}:,]/.test(token) ? undefined : after()
    case 'key or }':
    case 'key':
      if (token === '}' && next === 'key or }') {
        open.pop()
        return after()
      }
      return token.startsWith('"') ? 'colon' : undefined
    case 'colon':
      return token === ':' ? 'value' : undefined
    case 'comma': {
      const within = open.at(-1)
      if (token === ',') return within === '[' ? 'value' : 'key'
      if (token !== (within === '[' ? ']' : '}')) return undefined
      open.pop()
      return after()
    }
    case 'end':
      return undefined
  }
}

const EXPECTED: Record<Next, string> = {
  value: 'expected a value: text in double quotes, a number, true, false, null, [ or {',
  'value or ]': 'expected a value or ]',
  'key or }': 'expected a key in double quotes, or }',
  key: 'expected a key in double quotes',
  colon: 'expected : after the key',
  comma: 'expected a comma or the closing bracket',
  end: 'expected nothing more after the value',
}

function fault(text: string, offset: number, next: Next): JsonFault {
  const before = text.slice(0, offset).split('\n')
  const message = unended(text, offset) ?? EXPECTED[next]
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, offset, message }
}

/** What is wrong with the string that begins here, if one does. */
function unended(text: string, offset: number): string | undefined {
  if (text[offset] !== '"') return undefined
  const whole = match(TOKEN, text, offset)
  return whole === undefined ? 'this text has no closing quote, a raw line break, or an unknown escape' : undefined
}

function spaceEnd(text: string, at: number): number {
  return at + (match(SPACE, text, at)?.length ?? 0)
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}
