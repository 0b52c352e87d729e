// A token's streams end within two seconds of its being revoked, on the server that revokes it and on another.
//
//     node --input-type=module - URL OTHER TOKEN < revoked.mjs
//
// Prints a line for every claim. Ends with 1 at the first that does not hold.
import assert from 'node:assert/strict';
import { createClient as createSse } from 'graphql-sse';
import { createClient as createWs } from 'graphql-ws';
import WebSocket from 'ws';

const [url, other, admin] = process.argv.slice(2);
const query = 'subscription { key_value_changes { key } }';

async function ask(query, variables) {
  const headers = { authorization: `Bearer ${admin}`, 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

const { auth_info } = await ask('{ auth_info { user_id } }');
const input = { name: 'streams', user_id: auth_info.user_id };
const made = await ask('mutation($i: create_api_key_input!) { create_api_key(input: $i) { id key } }', { i: input });
const { id, key } = made.create_api_key;
const Authorization = `Bearer ${key}`;

/// Follows the changes until the stream ends; how it ended, and when.
async function follow(name, client, seen) {
  try {
    for await (const { data } of client.iterate({ query })) seen(data.key_value_changes.key);
    return { name, how: 'complete', at: performance.now() };
  } catch (event) {
    return { name, how: event.code, at: performance.now() };
  }
}

const streams = [];
const begun = [];
for (const [where, address] of [['here', url], ['there', other]]) {
  const clients = {
    WebSocket: createWs({ url: address.replace('http', 'ws'), webSocketImpl: WebSocket, connectionParams: { Authorization }, retryAttempts: 0 }),
    SSE: createSse({ url: address, headers: { Authorization }, retryAttempts: 0 }),
  };
  for (const [name, client] of Object.entries(clients)) {
    begun.push(new Promise((seen) => streams.push(follow(`${name} ${where}`, client, seen))));
  }
}

// They run once each of them has seen a change; what is written before a stream begins is not for it.
let running = false;
Promise.all(begun).then(() => (running = true));
for (let n = 0; !running; n += 1) {
  await ask('mutation { set_key_value(input: {key: "k", value: 1}) { id } }');
  await new Promise((done) => setTimeout(done, 100));
  assert.ok(n < 300, 'the streams begin');
}
const revoked = performance.now();
const done = await ask('mutation($id: UUID!) { delete_api_key(input: {key_id: $id}) { success } }', { id });
assert.equal(done.delete_api_key.success, true);
for (const { name, how, at } of await Promise.all(streams)) {
  assert.equal(how, name.startsWith('WebSocket') ? 4403 : 'complete', name);
  // Half a second for what a busy machine takes to say so.
  assert.ok(at - revoked < 2500, `${name} ended after ${at - revoked} ms`);
  console.log(`${name} ended after ${Math.round(at - revoked)} ms`);
}
