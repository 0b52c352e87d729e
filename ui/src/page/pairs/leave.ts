import { setGuard, setParams } from '../frame/route'

/** What the open pair keeps in the address. */
const CLOSED = { open: undefined, tab: undefined, key: undefined, in_namespace: undefined }

/** Closes the open pair, once unsaved changes were asked about. */
export function close(): void {
  setParams(CLOSED)
}

/** Closes the open pair without asking: what stands in it was saved or given up. */
export function leave(): void {
  setGuard(undefined)
  setParams(CLOSED)
}
