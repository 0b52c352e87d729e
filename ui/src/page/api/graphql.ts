import type { introspection } from '#schema'
import { initGraphQLTada } from 'gql.tada'

/**
 * Documents with the types that `schema.graphql` gives them, by way of `npm run types`.
 *
 * JSON that is sent is a [`Raw`]. JSON that is read went through `JSON.parse`: fit for what the server says of itself,
 * not for values; those are asked for as `value_text`.
 */
export const graphql = initGraphQLTada<{
  introspection: introspection
  scalars: {
    DateTime: string
    JSON: unknown
    UUID: string
    jsonb: unknown
    timestamptz: string
    uuid: string
  }
}>()

export type { FragmentOf, ResultOf, VariablesOf } from 'gql.tada'
export { readFragment } from 'gql.tada'
