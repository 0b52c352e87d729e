/** The types of values, and the way between a value's JSON text and what stands in its field. */

import { compactJson, isJsonNumber, prettyJson, readJson } from './json'

/** The types, in the order in which they are offered. */
export const KINDS = ['STRING', 'NUMBER', 'BOOLEAN', 'DATETIME', 'DATE', 'DURATION', 'JSON', 'BINARY'] as const

/** The type of a value. */
export type Kind = (typeof KINDS)[number]

/** What people read. */
export const KIND_NAMES: Record<Kind, string> = {
  STRING: 'Text',
  NUMBER: 'Number',
  BOOLEAN: 'Yes or no',
  DATETIME: 'Date and time',
  DATE: 'Date',
  DURATION: 'Duration',
  JSON: 'JSON',
  BINARY: 'Bytes',
}

/** A field's text as the JSON to send, or why it is none. */
export type Encoded = { json: string; problem?: undefined } | { json?: undefined; problem: string }

/** The server's type, of which a newer server may have more. */
export function asKind(name: string): Kind {
  return KINDS.find((kind) => kind === name) ?? 'JSON'
}

/** What stands in the field of a type when nothing was typed yet. */
export function blank(kind: Kind): string {
  return kind === 'BOOLEAN' ? 'false' : kind === 'JSON' ? '{}' : ''
}

/** What stands in the field for a value; `json` is the value's JSON text. */
export function toField(kind: Kind, json: string): string {
  if (kind === 'JSON') return prettyJson(json)
  if (kind === 'NUMBER' || kind === 'BOOLEAN') return json
  const text: unknown = JSON.parse(json)
  return typeof text === 'string' ? text : json
}

/** The JSON to send for what stands in the field. */
export function fromField(kind: Kind, field: string): Encoded {
  const text = field.trim()
  switch (kind) {
    case 'STRING':
    case 'BINARY':
      return { json: JSON.stringify(field) }
    case 'NUMBER':
      return isJsonNumber(text) ? { json: text } : { problem: 'A number, such as 42, -0.50 or 6.02e23.' }
    case 'BOOLEAN':
      return text === 'true' || text === 'false' ? { json: text } : { problem: 'Yes or no.' }
    case 'DATETIME':
      return DATETIME.test(text) && isDay(text.slice(0, 10))
        ? { json: JSON.stringify(text) }
        : { problem: 'An instant with its zone, such as 2026-01-31T08:30:00Z or 2026-01-31T08:30:00.250+02:00.' }
    case 'DATE':
      return isDay(text) ? { json: JSON.stringify(text) } : { problem: 'A day, such as 2026-01-31.' }
    case 'DURATION':
      return isDuration(text)
        ? { json: JSON.stringify(text) }
        : { problem: 'A duration in ISO 8601, such as PT30M, P1D or P1DT2H30M.' }
    case 'JSON':
      return encodeJson(field)
  }
}

/** Bytes that the licence counts for a JSON text; nothing where it is not JSON. */
export function countedBytes(json: string): number | undefined {
  const compact = compactJson(json)
  return compact === undefined ? undefined : new TextEncoder().encode(compact).length
}

/**
 * Whether a text survives a text field unchanged. HTML's turns carriage returns into line feeds, and shows no other
 * control character.
 */
export function fitsTextField(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return !/[\u0000-\u0008\u000b-\u001f\u007f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text)
}

const DATETIME = /^\d{4}-\d{2}-\d{2}[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?(?:Z|[+-](?:0\d|1[0-4]):?(?:[0-5]\d)?)$/i

/** Whether `text` is a day of the calendar, as `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)?.map(Number) ?? []
  if (year === undefined || month === undefined || day === undefined) return false
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const last = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
  return month >= 1 && month <= 12 && day >= 1 && day <= last
}

/** Whether `text` is an ISO 8601 duration of days and times, which have a fixed length. */
export function isDuration(text: string): boolean {
  return /^P(?=[\dT])(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d{1,9})?S)?)?$/i.test(text)
}

function encodeJson(field: string): Encoded {
  const { tokens, fault } = readJson(field)
  if (tokens) return { json: tokens.join('') }
  return { problem: `Line ${fault.line}, column ${fault.column}: ${fault.message}.` }
}
