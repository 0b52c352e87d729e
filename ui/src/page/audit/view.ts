/** What is shown of the audit log, as it stands in the address. */

import type { AuditWhere } from '../api/audit'

/** What narrows the log down. */
export interface AuditView {
  /** Part of the key. */
  key: string
  operation: string
  outcome: '' | 'allowed' | 'refused'
  since: '' | 'hour' | 'day' | 'week'
  /** Part of the address or the subject. */
  who: string
  page: number
}

/** Entries on a page. */
export const PAGE = 100

/** Operations that can be chosen, with what people read. */
export const OPERATIONS: [string, string][] = [
  ['set_key_value', 'Pair written'],
  ['delete_key_value', 'Pair deleted'],
  ['delete_key_values', 'Pairs deleted'],
  ['get_key_value', 'Pair read'],
  ['list_key_values', 'Pairs listed'],
  ['create_namespace', 'Namespace made'],
  ['update_namespace', 'Namespace described'],
  ['delete_namespace', 'Namespace deleted'],
  ['create_api_key', 'Token made'],
  ['create_token', 'Token made by the operator'],
  ['delete_api_key', 'Token revoked'],
  ['revoke_token', 'Token revoked by the operator'],
  ['authenticate', 'Token shown'],
  ['switch_tenant', 'Tenant switched'],
  ['create_membership', 'Member added'],
  ['delete_membership', 'Member removed'],
  ['set_membership_role', 'Role changed'],
  ['set_tier', 'Tier changed'],
]

/** The view that parameters write. */
export function readAuditView(params: URLSearchParams): AuditView {
  const one = <T extends string>(name: string, of: readonly T[]) => of.find((choice) => choice === params.get(name)) ?? ''
  const page = Number(params.get('page'))
  return {
    key: params.get('key') ?? '',
    operation: params.get('operation') ?? '',
    outcome: one('outcome', ['allowed', 'refused']),
    since: one('since', ['hour', 'day', 'week']),
    who: params.get('who') ?? '',
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
  }
}

/** The condition. `now` in milliseconds; to the minute, so that a view that is shown again is the same question. */
export function auditWhere(view: AuditView, now: number): AuditWhere {
  const spans = { hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000 }
  const anywhere = (text: string) => ({ _ilike: `%${text.replace(/[\\%_]/g, '\\$&')}%` })
  return {
    ...(view.key && { key: anywhere(view.key) }),
    ...(view.operation && { operation: { _eq: view.operation } }),
    ...(view.outcome && { allowed: { _eq: view.outcome === 'allowed' } }),
    ...(view.who && { _or: [{ subject: anywhere(view.who) }, { address: anywhere(view.who) }] }),
    ...(view.since && { at: { _gt: new Date(Math.floor((now - spans[view.since]) / 60_000) * 60_000).toISOString() } }),
  }
}
