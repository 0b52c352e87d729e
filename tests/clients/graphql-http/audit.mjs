// The audit that the package graphql-http makes of GraphQL-over-HTTP servers, with a token.
//
//     node --input-type=module - URL TOKEN < audit.mjs
//
// Prints a line for every audit. Ends with 1 where a MUST or a SHOULD fails.
import { serverAudits } from 'graphql-http';

const [url, token] = process.argv.slice(2);

const audits = serverAudits({
  url,
  fetchFn: (input, init = {}) =>
    fetch(input, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } }),
});

let failed = 0;
for (const audit of audits) {
  const result = await audit.fn();
  const line = `${result.status.padEnd(6)} ${result.id} ${result.name}`;
  if (result.status === 'ok') {
    console.log(line);
    continue;
  }
  const { status, headers } = result.response;
  console.log(`${line}: ${result.reason} (HTTP ${status}, ${headers.get('content-type')})`);
  if (!result.name.startsWith('MAY')) failed += 1;
}
console.log(`${audits.length} audits, ${failed} failed`);
process.exitCode = failed === 0 && audits.length > 0 ? 0 : 1;
