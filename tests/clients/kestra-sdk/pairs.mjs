// Kestra's JavaScript SDK as an application uses its KV class. Its index does not load as published, so the
// classes are imported by file.
//
//     node --input-type=module - URL TOKEN < pairs.mjs
//
// Prints a line for every claim. Ends with 1 at the first that does not hold.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(pathToFileURL(`${process.cwd()}/`));
const { default: ApiClient } = require('@kestra-io/kestra-sdk/dist/ApiClient');
const { default: KVApi } = require('@kestra-io/kestra-sdk/dist/api/KVApi');
const { default: Bulk } = require('@kestra-io/kestra-sdk/dist/model/KVControllerApiDeleteBulkRequest');

const [url, token] = process.argv.slice(2);

function door(authenticate) {
  const client = new ApiClient(url);
  authenticate(client.authentications);
  const api = new KVApi(client);
  return (method, ...args) =>
    new Promise((resolve, reject) =>
      api[method](...args, (error, data, response) => (error ? reject(Object.assign(error, { response })) : resolve(data))),
    );
}

const kv = door((authentications) => { authentications.bearerAuth.accessToken = token; });

for (const [body, type, value] of [
  ['"Hello World"', 'STRING', 'Hello World'],
  ['Hello World', 'STRING', 'Hello World'],
  ['42', 'NUMBER', 42],
  ['false', 'BOOLEAN', false],
  ['2021-09-01', 'DATE', '2021-09-01'],
  ['2021-09-01T01:02:03Z', 'DATETIME', '2021-09-01T01:02:03Z'],
  ['P1D', 'DURATION', 'PT24H'],
  ['{"some": ["json"]}', 'JSON', { some: ['json'] }],
]) {
  await kv('setKeyValue', 'company.team', 'typed', 'main', body);
  const found = await kv('getKeyValue', 'company.team', 'typed', 'main');
  assert.deepEqual([found.type, found.value], [type, value]);
  console.log(`ok: ${body} is ${type}`);
}

const listed = await kv('listKeys', 'company.team', 'main');
assert.deepEqual(listed.map((entry) => entry.key), ['typed']);
assert.ok(listed[0].creationDate instanceof Date && listed[0].updateDate instanceof Date);
console.log('ok: a namespace lists its keys');

assert.equal(await kv('deleteKeyValue', 'company.team', 'typed', 'main'), true);
assert.equal(await kv('deleteKeyValue', 'company.team', 'typed', 'main'), false);
console.log('ok: a key is deleted once');

await kv('setKeyValue', 'company.team', 'a', 'main', '1');
const request = Bulk.constructFromObject({ keys: ['a', 'b'] });
assert.deepEqual((await kv('deleteKeyValues', 'company.team', 'main', request)).keys, ['a']);
console.log('ok: bulk deletion names what there was');

const missing = await kv('getKeyValue', 'company.team', 'a', 'main').catch((error) => error);
assert.equal(missing.status, 404);
console.log('ok: a missing key is 404');

const basic = door((authentications) => Object.assign(authentications.basicAuth, { username: 'any', password: token }));
assert.deepEqual(await basic('listKeys', 'company.team', 'main'), []);
console.log('ok: Basic with the token as password opens the door');
