/** JSON that is sent as it is written: no number passes through JavaScript's. */
export class Raw {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** As `JSON.stringify`, with each [`Raw`] by its text. */
export function stringify(value: unknown): string {
  if (value instanceof Raw) return value.text
  if (Array.isArray(value)) return `[${value.map((item) => stringify(item ?? null)).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined)
    return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${stringify(field)}`).join(',')}}`
  }
  return JSON.stringify(value ?? null)
}
