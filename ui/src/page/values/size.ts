/** Counts and sizes as people read them. */

const whole = new Intl.NumberFormat('en')

/** 1234567 as "1,234,567". */
export function count(number: number): string {
  return whole.format(number)
}

/** 2048 as "2,048 bytes", 1500000 as "1.5 MB". */
export function bytes(number: number): string {
  if (number < 10_000) return `${whole.format(number)} ${number === 1 ? 'byte' : 'bytes'}`
  const [unit, length] = number < 1_000_000 ? (['kB', 1_000] as const) : (['MB', 1_000_000] as const)
  return `${(number / length).toFixed(1).replace(/\.0$/, '')} ${unit}`
}
