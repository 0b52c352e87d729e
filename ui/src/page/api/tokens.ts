import { graphql, type ResultOf } from './graphql'

/** The tokens that the caller may see, newest first. */
export const TOKENS = graphql(`
  query Tokens {
    auth_api_key(order_by: [{ created: desc }]) {
      id name created expires_at last_used_at user_id created_by { username }
    }
  }
`)

/** What a token may be allowed to be. */
export const ROLES = graphql(`
  query Roles {
    auth_role { id name }
  }
`)

/** Makes a token. */
export const CREATE_TOKEN = graphql(`
  mutation CreateToken($input: create_api_key_input!) {
    create_api_key(input: $input) { id key }
  }
`)

/** Revokes a token. */
export const REVOKE_TOKEN = graphql(`
  mutation RevokeToken($id: UUID!) {
    delete_api_key(input: { key_id: $id }) { success error }
  }
`)

/** A token as it is listed: without the token itself. */
export type Token = ResultOf<typeof TOKENS>['auth_api_key'][number]
