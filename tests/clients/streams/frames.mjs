// graphql-transport-ws, message by message: what each mistake gets.
//
//     node --input-type=module - URL TOKEN < frames.mjs
//
// Prints a line for every claim. Ends with 1 at the first that does not hold.
import assert from 'node:assert/strict';
import WebSocket from 'ws';

const [http, token] = process.argv.slice(2);
const url = http.replace('http', 'ws');
const init = { type: 'connection_init', payload: { Authorization: `Bearer ${token}` } };
const CHANGES = 'subscription { key_value_changes { revision } }';

/// Sends messages; gives the messages that came and the code that closed the connection.
function talk(messages, { until, protocol = 'graphql-transport-ws', headers } = {}) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, protocol, { headers });
    const received = [];
    const said = (closing) => resolve({ received, ...closing });
    socket.on('error', reject);
    socket.on('open', () => {
      for (const message of messages) {
        socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message));
      }
    });
    socket.on('message', (data) => {
      received.push(JSON.parse(data));
      if (until?.(received, socket)) {
        said({});
        socket.terminate();
      }
    });
    socket.on('close', (code, reason) => said({ code, reason: reason.toString() }));
  });
}

const subscribe = (id, payload = { query: CHANGES }) => ({ id, type: 'subscribe', payload });

const closes = [
  ['text that is no JSON', [init, '{'], 4400],
  ['a list', [init, []], 4400],
  ['an unknown type', [init, { type: 'start' }], 4400],
  ['a binary message', [init, Buffer.from('{}')], 4400],
  ['a subscribe without an id', [init, { type: 'subscribe', payload: { query: CHANGES } }], 4400],
  ['a subscribe without a payload', [init, { id: '1', type: 'subscribe' }], 4400],
  ['a subscribe without a query', [init, subscribe('1', {})], 4400],
  ['a query that is no string', [init, subscribe('1', { query: 7 })], 4400],
  ['variables that are no object', [init, subscribe('1', { query: CHANGES, variables: 7 })], 4400],
  ['a payload that is no object', [{ type: 'connection_init', payload: 7 }], 4400],
  ['a subscribe before the introduction', [subscribe('1')], 4401],
  ['an introduction without a token', [{ type: 'connection_init' }], 4403],
  ['an introduction with a bad token', [{ ...init, payload: { Authorization: 'Bearer x' } }], 4403],
  ['an id in use', [init, subscribe('1'), subscribe('1')], 4409],
  ['a second introduction', [init, init], 4429],
];
for (const [what, messages, code] of closes) {
  const end = await talk(messages);
  assert.equal(end.code, code, `${what}: ${JSON.stringify(end)}`);
  assert.ok(end.reason.length > 0 && end.reason.length <= 123, what);
  console.log(`${what} closes with ${code}`);
}

assert.equal((await talk([], { protocol: [] })).code, 4406);
console.log('a connection without the subprotocol closes with 4406');

const silent = await talk([]);
assert.equal(silent.code, 4408);
console.log('a client that says nothing is closed with 4408');

const greeted = await talk([{ type: 'connection_init' }], { headers: { authorization: `Bearer ${token}` }, until: (all) => all.length === 1 });
assert.deepEqual(greeted.received, [{ type: 'connection_ack' }]);
console.log('a token in the header of the handshake counts');

const pinged = await talk([{ type: 'ping' }, init, { type: 'ping', payload: { n: 1.0 } }, { type: 'pong' }], { until: (all) => all.length === 3 });
assert.deepEqual(pinged.received, [{ type: 'pong' }, { type: 'connection_ack' }, { type: 'pong', payload: { n: 1 } }]);
console.log('a ping gets its pong');

const again = (received, socket) => {
  if (received.at(-1).type === 'error' && received.length === 2) socket.send(JSON.stringify(subscribe('1', { query: '{' })));
  if (received.at(-1).type === 'error' && received.length === 3) socket.send(JSON.stringify(subscribe('1', { query: '{ hello }' })));
  return received.length === 5;
};
const bad = await talk([init, subscribe('1', { query: '{ nope }' })], { until: again });
const kinds = bad.received.map(({ type }) => type);
assert.deepEqual(kinds, ['connection_ack', 'error', 'error', 'next', 'complete']);
assert.ok(bad.received.slice(1, 3).every(({ payload }) => Array.isArray(payload) && payload[0].message));
console.log('a bad operation ends with an error message, and its id is free again');

const ended = await talk([init, subscribe('1'), { id: '1', type: 'complete' }, { id: 'unknown', type: 'complete' }, subscribe('1'), { type: 'ping' }], { until: (all) => all.length === 2 });
assert.deepEqual(ended.received.map(({ type }) => type), ['connection_ack', 'pong']);
console.log('a completed id may be used again');
