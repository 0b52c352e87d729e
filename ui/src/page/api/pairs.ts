import { graphql, type ResultOf, type VariablesOf } from './graphql'

/** One page of the table. */
export const LIST = graphql(`
  query Pairs(
    $namespace: String!
    $where: key_value_bool_exp!
    $order_by: [key_value_order_by!]!
    $limit: Int!
    $offset: Int!
  ) {
    key_value(namespace: $namespace, where: $where, order_by: $order_by, limit: $limit, offset: $offset) {
      id key namespace type description updated expires_at version value_bytes
      value_text(first: 300)
    }
  }
`)

/** How many pairs the table has over all pages. */
export const COUNT = graphql(`
  query PairCount($namespace: String!, $where: key_value_bool_exp!) {
    key_value_aggregate(namespace: $namespace, where: $where) { aggregate { count } }
  }
`)

/** One pair, whole. */
export const PAIR = graphql(`
  query Pair($id: uuid!) {
    key_value_by_pk(id: $id) {
      id key namespace type description created updated expires_at version value_bytes value_text
    }
  }
`)

/** The value of a pair, to copy it. */
export const VALUE = graphql(`
  query PairValue($id: uuid!) {
    key_value_by_pk(id: $id) { value_text }
  }
`)

/** Keys below a prefix, for the tree. */
export const KEYS = graphql(`
  query Keys($namespace: String!, $prefix: String!, $after: String, $limit: Int!) {
    key_value_keys(namespace: $namespace, prefix: $prefix, after: $after, limit: $limit)
  }
`)

/** A pair by its key, which is all that the tree knows of it. */
export const BY_KEY = graphql(`
  query PairByKey($namespace: String!, $key: String!) {
    key_value_by_key(namespace: $namespace, key: $key) { id }
  }
`)

/** Writes a pair. */
export const SET = graphql(`
  mutation SetPair($input: set_key_value_input!) {
    set_key_value(input: $input) {
      key_value { id version }
    }
  }
`)

/** Deletes a pair. */
export const DELETE = graphql(`
  mutation DeletePair($id: UUID!) {
    delete_key_value(input: { key_value_id: $id }) { success error }
  }
`)

/** Deletes pairs of one namespace, all or none. */
export const DELETE_MANY = graphql(`
  mutation DeletePairs($namespace: String!, $keys: [String!]!) {
    delete_key_values(input: { namespace: $namespace, keys: $keys }) { affected_rows }
  }
`)

/** A row of the table. */
export type Row = ResultOf<typeof LIST>['key_value'][number]

/** A pair, whole. */
export type Pair = NonNullable<ResultOf<typeof PAIR>['key_value_by_pk']>

/** What is written. */
export type SetInput = VariablesOf<typeof SET>['input']

/** A condition on pairs. */
export type Where = VariablesOf<typeof LIST>['where']

/** An order of pairs. */
export type OrderBy = VariablesOf<typeof LIST>['order_by']
