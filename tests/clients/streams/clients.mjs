// The npm clients graphql-ws and graphql-sse as applications use them.
//
//     node --input-type=module - URL TOKEN < clients.mjs
//
// Prints a line for every claim. Ends with 1 at the first that does not hold.
import assert from 'node:assert/strict';
import { createClient as createSse } from 'graphql-sse';
import { createClient as createWs } from 'graphql-ws';
import WebSocket from 'ws';

const [url, token] = process.argv.slice(2);
const authorization = `Bearer ${token}`;
const CHANGES = 'subscription($after: Int) { key_value_changes(after_revision: $after) { revision operation key key_value { value } } }';

async function ask(query, variables) {
  const headers = { authorization, 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined);
  return data;
}

const set = (key, value) =>
  ask('mutation($k: String!, $v: JSON!) { set_key_value(input: {key: $k, value: $v}) { id } }', { k: key, v: value });

const remove = (id) => ask('mutation($id: UUID!) { delete_key_value(input: {key_value_id: $id}) { success } }', { id });

async function take(iterator, count) {
  const taken = [];
  for await (const result of iterator) {
    assert.equal(result.errors, undefined, JSON.stringify(result.errors));
    taken.push(result.data.key_value_changes);
    if (taken.length === count) break;
  }
  return taken;
}

/// The revision that the first write of `key` got, from the log of changes.
async function revisionOf(client, key) {
  for await (const { data } of client.iterate({ query: CHANGES, variables: { after: 0 } })) {
    if (data.key_value_changes.key === key) return data.key_value_changes.revision;
  }
}

async function streams(name, client) {
  const first = await set(`${name} first`, 1);
  const after = await revisionOf(client, `${name} first`);
  const live = take(client.iterate({ query: CHANGES, variables: { after } }), 3);
  await set(`${name} second`, { a: [1.5, null] });
  await set(`${name} second`, 'two');
  await remove(first.set_key_value.id);
  const changes = await live;
  assert.deepEqual(
    changes.map(({ revision, operation, key }) => [revision - after, operation, key]),
    [
      [1, 'set', `${name} second`],
      [2, 'set', `${name} second`],
      [3, 'delete', `${name} first`],
    ],
  );
  assert.equal(changes[2].key_value, null);
  console.log(`${name} streams each change once and in order`);
}

async function queries(name, client) {
  const results = [];
  for await (const result of client.iterate({ query: '{ hello }' })) results.push(result);
  assert.deepEqual(results, [{ data: { hello: '👋' } }]);
  console.log(`${name} runs queries too`);
}

const sse = createSse({ url, headers: { authorization } });
await streams('graphql-sse', sse);
await queries('graphql-sse', sse);
sse.dispose();

const ws = createWs({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, connectionParams: { Authorization: authorization }, retryAttempts: 0 });
await streams('graphql-ws', ws);
await queries('graphql-ws', ws);
await assert.rejects(async () => {
  for await (const _ of ws.iterate({ query: '{ nope }' }));
}, (errors) => errors[0].extensions.code === 'GRAPHQL_VALIDATION_FAILED');
console.log('graphql-ws is told of a bad document by an error message');
await ws.dispose();

const stranger = createWs({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, connectionParams: { Authorization: 'Bearer nonsense' }, retryAttempts: 0 });
await assert.rejects(async () => {
  for await (const _ of stranger.iterate({ query: '{ hello }' }));
}, (event) => event.code === 4403);
console.log('graphql-ws with a bad token is closed with 4403');
await stranger.dispose();
