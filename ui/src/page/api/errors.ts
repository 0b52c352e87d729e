/** What went wrong, as far as the page acts on it. */
export type Trouble = 'offline' | 'unauthenticated' | 'forbidden' | 'limit' | 'conflict' | 'busy' | 'slow' | 'other'

/** A request that was not answered, or refused. The message is for people. */
export class ApiError extends Error {
  readonly trouble: Trouble

  constructor(trouble: Trouble, message: string) {
    super(message)
    this.name = 'ApiError'
    this.trouble = trouble
  }
}

const BY_CODE: Record<string, Trouble> = {
  UNAUTHENTICATED: 'unauthenticated',
  FORBIDDEN: 'forbidden',
  LIMIT_EXCEEDED: 'limit',
  CONFLICT: 'conflict',
  UNAVAILABLE: 'busy',
  TIMEOUT: 'slow',
}

/** The error that an answer carries: the first of its errors. */
export function answered(status: number, errors: unknown): ApiError {
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined
  const { message, extensions } = (first ?? {}) as { message?: unknown; extensions?: { code?: unknown } }
  const code = typeof extensions?.code === 'string' ? extensions.code : ''
  const trouble = BY_CODE[code] ?? (status === 401 ? 'unauthenticated' : status >= 502 ? 'offline' : 'other')
  return new ApiError(trouble, sentence(typeof message === 'string' ? message : `The server answered ${status}.`))
}

/** What to tell of anything that was thrown. */
export function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** What kind of trouble anything that was thrown is. */
export function troubleOf(error: unknown): Trouble {
  return error instanceof ApiError ? error.trouble : 'other'
}

function sentence(text: string): string {
  const start = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?)]$/.test(start) ? start : `${start}.`
}
