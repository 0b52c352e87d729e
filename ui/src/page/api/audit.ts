import { graphql, type ResultOf, type VariablesOf } from './graphql'

/** The latest entries of the audit log that a condition picks. */
export const AUDIT = graphql(`
  query Audit($where: audit_log_bool_exp!, $limit: Int!, $offset: Int!) {
    audit_log(where: $where, order_by: [{ at: desc }], limit: $limit, offset: $offset) {
      id at operation allowed reason count namespace key object_id subject user_id token_id address
    }
  }
`)

/** Who is behind the ids. Only what the token may see of them. */
export const NAMES = graphql(`
  query Names {
    user_view_same_tenant { id username }
  }
`)

/** An entry of the audit log. */
export type Entry = ResultOf<typeof AUDIT>['audit_log'][number]

/** A condition on entries. */
export type AuditWhere = VariablesOf<typeof AUDIT>['where']
