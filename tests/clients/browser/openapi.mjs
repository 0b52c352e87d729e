// The page of the OpenAPI document in a real Chromium, which reaches no other host.
//
//     node --input-type=module - URL TOKEN SCREENSHOTS < openapi.mjs
//
// Ends with 1 at the first claim that does not hold.
import assert from 'node:assert/strict';

import { chromium } from 'playwright-core';

const [url, token, screenshots] = process.argv.slice(2);

const browser = await chromium.launch({
    executablePath: process.env.HIGHWATER_TEST_CHROMIUM || '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage'],
});
const context = await browser.newContext({ viewport: { width: 1280, height: 1000 } });
context.setDefaultTimeout(60_000);
const asked = [];
const complaints = [];
context.on('request', (request) => asked.push(request.url()));
context.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
context.on('weberror', (error) => complaints.push(String(error.error())));

const page = await context.newPage();
try {
    await page.goto(`${url}/openapi`);
    // In the shadow of RapiDoc's element, which Playwright sees through.
    const operation = page.locator('.endpoint-head', { hasText: '/api/v1/{tenant}/kv' }).first();
    await operation.waitFor();
    const kestras = page.locator('.endpoint-head', { hasText: '/api/v1/' });
    assert.equal(await kestras.count(), 17, 'every operation is shown');

    const bearer = page.locator('#security-scheme-bearerAuth');
    await bearer.locator('input').fill(token);
    await bearer.getByRole('button').click();
    await bearer.getByText('Key Applied').waitFor();
    await operation.click();
    const answer = page.waitForResponse((response) => response.url().includes('/api/v1/'));
    await page.getByRole('button', { name: 'TRY' }).first().click();
    const response = await answer;
    assert.deepEqual([response.status(), await response.json()], [200, { results: [], total: 0 }]);
    await page.screenshot({ path: `${screenshots}/openapi.png` });

    const elsewhere = asked.filter((to) => !to.startsWith(`${url}/`) && !/^(data|blob):/.test(to));
    assert.deepEqual(elsewhere, [], 'everything comes from the server itself');
    assert.deepEqual(complaints, [], 'the console stays silent');
    const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]));
    assert.ok(!kept.includes(token), 'the token is kept nowhere');
} catch (error) {
    await page.screenshot({ path: `${screenshots}/openapi-failed.png` });
    console.error(`the console said: ${complaints.join('\n')}`);
    throw error;
} finally {
    await browser.close();
}
