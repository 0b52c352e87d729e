import { useQuery } from '@tanstack/react-query'

import { useSession } from '../session'
import { graphql, type ResultOf } from './graphql'

/** Most namespaces that are read at once. */
export const NAMESPACE_LIMIT = 1_000

const NAMESPACES = graphql(`
  query Namespaces($limit: Int!) {
    namespace(limit: $limit) { name description pairs created }
  }
`)

/** Makes a namespace. */
export const CREATE_NAMESPACE = graphql(`
  mutation CreateNamespace($input: create_namespace_input!) {
    create_namespace(input: $input) { namespace { name } }
  }
`)

/** Describes a namespace. */
export const UPDATE_NAMESPACE = graphql(`
  mutation UpdateNamespace($input: update_namespace_input!) {
    update_namespace(input: $input) { success }
  }
`)

/** Deletes a namespace. */
export const DELETE_NAMESPACE = graphql(`
  mutation DeleteNamespace($input: delete_namespace_input!) {
    delete_namespace(input: $input) { success }
  }
`)

/** A namespace as it is listed. */
export type Namespace = ResultOf<typeof NAMESPACES>['namespace'][number]

/** The namespaces that the token reaches, by name. */
export function useNamespaces() {
  const { client } = useSession()
  return useQuery({
    queryKey: ['pairs', 'namespaces'],
    queryFn: async ({ signal }) => (await client.request(NAMESPACES, { limit: NAMESPACE_LIMIT }, { signal })).namespace,
  })
}

/** Names, and `name.*` for each that has others below it: what a filter offers. */
export function branches(names: string[]): string[] {
  const parents = new Set<string>()
  for (const name of names) {
    const segments = name.split('.')
    for (let depth = 1; depth < segments.length; depth += 1) parents.add(`${segments.slice(0, depth).join('.')}.*`)
  }
  return [...names, ...parents].sort()
}
