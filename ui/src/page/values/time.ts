/** Instants and spans as people read them. */

/** Each unit with its length in seconds, and from how many on it is used. */
const UNITS: [Intl.RelativeTimeFormatUnit, number, number][] = [
  ['year', 365 * 86_400, 2],
  ['month', 30 * 86_400, 2],
  ['day', 86_400, 2],
  ['hour', 3_600, 1],
  ['minute', 60, 1],
  ['second', 1, 0],
]

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' })

/** How far `instant` is from `now`: "3 minutes ago", "in 2 days". */
export function ago(instant: string, now: number): string {
  const seconds = (Date.parse(instant) - now) / 1000
  if (Number.isNaN(seconds)) return instant
  if (Math.abs(seconds) < 10) return seconds > 1 ? 'in a moment' : 'just now'
  const [unit, length] = UNITS.find(([, length, from]) => Math.abs(seconds) >= from * length) ?? UNITS.at(-1)!
  return relative.format(Math.round(seconds / length), unit)
}

/** The instant in the reader's zone, to the second, with the zone's offset. */
export function exact(instant: string): string {
  const date = new Date(instant)
  if (Number.isNaN(date.getTime())) return instant
  return new Intl.DateTimeFormat('en-CA', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'shortOffset',
  })
    .format(date)
    .replace(',', '')
}

/** An instant as `<input type="datetime-local">` takes it, in the reader's zone. */
export function toLocalField(instant: Date): string {
  const local = new Date(instant.getTime() - instant.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 19)
}

/** What `<input type="datetime-local">` holds, in UTC; nothing where it holds none. */
export function fromLocalField(field: string): string | undefined {
  const date = new Date(field)
  return field === '' || Number.isNaN(date.getTime()) ? undefined : date.toISOString().replace('.000Z', 'Z')
}
