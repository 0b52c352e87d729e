/** Lines to paste elsewhere. The token is never in them: `$TOKEN` stands for it. */

import type { Kind } from './kinds'

/** What the lines are about. */
export interface Subject {
  /** The server, as the page's address names it. */
  origin: string
  namespace: string
  key: string
  kind: Kind
  /** The value's JSON text. */
  json: string
}

/** A way to reach a pair. */
export interface Snippet {
  name: string
  text: string
}

/** Lines for every door that the pair can be reached by. */
export function snippets(subject: Subject): Snippet[] {
  return [
    { name: 'Python', text: python(subject) },
    { name: 'Highwater CLI', text: highwater(subject) },
    { name: 'Prefect CLI', text: prefect(subject) },
    { name: 'GraphQL', text: graphql(subject) },
    { name: 'curl, GraphQL', text: curlGraphql(subject) },
    { name: 'curl, Kestra', text: curlKestra(subject) },
    { name: 'curl, PROMINENCE', text: curlProminence(subject) },
  ]
}

function python({ origin, namespace, key, json }: Subject): string {
  return `# With Prefect 1.x, and a token whose own namespace is ${namespace}:
#   export PREFECT__BACKEND=cloud PREFECT__CLOUD__API=${shell(origin)} PREFECT__CLOUD__API_KEY="$TOKEN"
from prefect.backend import get_key_value, set_key_value

get_key_value(${pythonText(key)})
set_key_value(${pythonText(key)}, ${pythonValue(json)})`
}

function highwater({ origin, namespace, key, kind, json }: Subject): string {
  const text = json.startsWith('"') && kind !== 'JSON' ? (JSON.parse(json) as string) : json
  // A lone dash is standard input, and what is no Unicode text fits into no command line.
  const plain = text !== '-' && !/\0|\p{Surrogate}/u.test(text)
  const type = [plain ? '' : '--json ', kind === 'STRING' && plain ? '' : `--type ${kind.toLowerCase()} `].join('')
  const words = (...all: string[]) => (all.some((word) => word.startsWith('-')) ? '-- ' : '') + all.map(shell).join(' ')
  return `export HIGHWATER_URL=${shell(origin)} HIGHWATER_TOKEN="$TOKEN"
highwater kv -n ${shell(namespace)} get ${words(key)}
highwater kv -n ${shell(namespace)} set ${type}${words(key, plain ? text : json)}`
}

function prefect({ origin, namespace, key, json }: Subject): string {
  const lines = [
    `# With a token whose own namespace is ${namespace}:`,
    `export PREFECT__BACKEND=cloud PREFECT__CLOUD__API=${shell(origin)} PREFECT__CLOUD__API_KEY="$TOKEN"`,
    `prefect kv get ${shell(key)}`,
  ]
  // What Prefect's command sets is always text.
  if (json.startsWith('"')) lines.push(`prefect kv set ${shell(key)} ${shell(JSON.parse(json) as string)}`)
  return lines.join('\n')
}

function graphql({ namespace, key, json }: Subject): string {
  return `query Get ${getQuery(namespace, key)}

mutation Set($value: JSON!) {
  set_key_value(input: { namespace: ${quoted(namespace)}, key: ${quoted(key)}, value: $value }) { id }
}

# variables
{ "value": ${json} }`
}

function curlGraphql({ origin, namespace, key }: Subject): string {
  const body = JSON.stringify({ query: getQuery(namespace, key) })
  return `curl ${shell(`${origin}/graphql`)} -H "Authorization: Bearer $TOKEN" \\
  -H 'Content-Type: application/json' -d ${shell(body)}`
}

function curlKestra({ origin, namespace, key, json }: Subject): string {
  const url = `${origin}/api/v1/main/namespaces/${encodeURIComponent(namespace)}/kv/${encodeURIComponent(key)}`
  return `curl ${shell(url)} -H "Authorization: Bearer $TOKEN"

curl -X PUT ${shell(url)} -H "Authorization: Bearer $TOKEN" \\
  -H 'Content-Type: text/plain' -d ${shell(json)}`
}

function curlProminence({ origin, namespace, key, json }: Subject): string {
  const url = `${origin}/prominence/v1/kv/${key.split('/').map(encodeURIComponent).join('/')}`
  const text = json.startsWith('"') ? (JSON.parse(json) as string) : json
  return `# With a token whose own namespace is ${namespace}:
curl ${shell(url)} -H "Authorization: Bearer $TOKEN"

curl -X POST ${shell(url)} -H "Authorization: Bearer $TOKEN" --data-binary ${shell(text)}`
}

function getQuery(namespace: string, key: string): string {
  return `{ key_value_by_key(namespace: ${quoted(namespace)}, key: ${quoted(key)}) { value version } }`
}

/** One word of a POSIX shell. */
export function shell(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** A JSON value as a literal of Python. */
export function pythonValue(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"|\b(?:true|false|null)\b/g, (token) =>
    token.startsWith('"') ? pythonText(JSON.parse(token) as string) : PYTHON[token]!,
  )
}

const PYTHON: Record<string, string> = { true: 'True', false: 'False', null: 'None' }

/** A string literal of Python: what JSON writes, Python reads alike. */
function pythonText(text: string): string {
  return quoted(text)
}

/** A string literal of GraphQL, JSON and JavaScript. */
function quoted(text: string): string {
  return JSON.stringify(text)
}

/** What points Prefect 1.x at this server. */
export function prefectLines(origin: string, token: string): string {
  return `export PREFECT__BACKEND=cloud
export PREFECT__CLOUD__API=${shell(origin)}
export PREFECT__CLOUD__API_KEY=${shell(token)}`
}
