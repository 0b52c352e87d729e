import { expect, test } from 'vitest'

import { auditWhere, readAuditView } from '../src/page/audit/view'

const where = (query: string) => auditWhere(readAuditView(new URLSearchParams(query)), Date.parse('2026-11-21T12:00:30Z'))

test('the log is asked for as the address says, and what makes no sense is left out', () => {
  expect(where('outcome=perhaps&page=x')).toEqual({})
  expect(where('key=50%25&operation=set_key_value&outcome=refused&since=hour&who=10.0')).toEqual({
    key: { _ilike: '%50\\%%' },
    operation: { _eq: 'set_key_value' },
    allowed: { _eq: false },
    _or: [{ subject: { _ilike: '%10.0%' } }, { address: { _ilike: '%10.0%' } }],
    at: { _gt: '2026-11-21T11:00:00.000Z' },
  })
})
