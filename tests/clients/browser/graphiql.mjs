// GraphiQL in a real Chromium, as a person uses it.
//
//     node --input-type=module - SCENARIO URL TOKEN SCREENSHOTS < graphiql.mjs
//
// Ends with 1 at the first claim that does not hold.
import assert from 'node:assert/strict';

import { chromium } from 'playwright-core';

const [scenario, url, token, screenshots] = process.argv.slice(2);

const { open, watch } = await import(`${process.env.HIGHWATER_TEST_SCRIPTS}/watched.mjs`);
const watched = await open(chromium);
const { page, asked } = watched;
const state = (text) => page.getByRole('status').filter({ hasText: text }).waitFor();
const answer = (text) => page.getByLabel('Result Window').filter({ hasText: text }).waitFor();
const graphqlRequests = () => asked.filter((to) => new URL(to).pathname === '/graphql').length;

async function use(token) {
    await page.getByLabel('Token', { exact: true }).fill(token);
    await page.getByRole('button', { name: 'Use', exact: true }).click();
}

async function clear() {
    await page.locator('.graphiql-query-editor .view-lines').click();
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
}

// Pasted: at typing, the editor would close the brackets itself. Run once the tab has taken the operation's name.
async function run(query) {
    const name = /^\w+ (\w+)/.exec(query)?.[1] ?? '<untitled>';
    await clear();
    await page.evaluate((query) => navigator.clipboard.writeText(query), query);
    await page.keyboard.press('Control+V');
    await page.locator('.graphiql-query-editor').filter({ hasText: query.split('\n')[0] }).waitFor();
    await page.locator('.graphiql-tab-active').filter({ hasText: name }).waitFor();
    await page.keyboard.press('Control+Enter');
}

async function set(key) {
    const query = 'mutation($key: String!) { set_key_value(input: {key: $key, value: 1}) { id } }';
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ query, variables: { key } });
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
    assert.equal((await response.json()).errors, undefined);
}

const scenarios = {
    async query() {
        await state('No token yet');
        await page.locator('.graphiql-query-editor .view-lines').waitFor();
        assert.equal(graphqlRequests(), 0, 'without a token the page asks nothing');

        await use(`  Bearer ${token}\n`);
        await state('The server takes this token');
        await run('{ hello }');
        await answer('👋');
        assert.equal(await page.evaluate(() => sessionStorage['highwater.token']), token);

        await page.reload();
        await state('The server takes this token');
        await page.locator('.graphiql-query-editor').filter({ hasText: 'hello' }).waitFor();
        await page.screenshot({ path: `${screenshots}/graphiql-query.png` });

        await page.getByRole('button', { name: 'Forget' }).click();
        await state('No token yet');
        assert.equal(await page.evaluate(() => sessionStorage.length), 0);
    },

    async explorer() {
        await use(token);
        await state('The server takes this token');
        await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
        const docs = page.getByLabel('Documentation Explorer', { exact: true });
        await docs.getByRole('link', { name: 'Query', exact: true }).click();
        await docs.getByRole('link', { name: 'key_value', exact: true }).first().click();
        await docs.getByRole('link', { name: 'key_value_bool_exp' }).waitFor();
        await page.screenshot({ path: `${screenshots}/graphiql-explorer.png` });

        // The language worker knows the schema: it completes a field from its first letters.
        await clear();
        await page.keyboard.type('{ hel');
        await page.keyboard.press('Control+Space');
        await page.locator('.suggest-widget').getByText('hello').first().waitFor();
    },

    async tabs() {
        await use(token);
        await state('The server takes this token');
        await run('query First { hello }');
        await answer('👋');
        await page.getByRole('button', { name: 'New tab' }).click();
        await run('query Second { api { backend } }');
        await answer('CLOUD');
        await page.getByRole('tab', { name: 'First' }).click();
        await answer('👋');
        await page.getByRole('button', { name: 'Show History' }).click();
        const history = page.getByLabel('History', { exact: true });
        await history.getByText('First', { exact: true }).waitFor();
        await history.getByText('Second', { exact: true }).waitFor();
        await page.screenshot({ path: `${screenshots}/graphiql-tabs.png` });
    },

    async subscription() {
        await use(token);
        await state('The server takes this token');
        await set('before');
        const opened = page.waitForEvent('websocket');
        await run('subscription Changes {\n  key_value_changes(after_revision: 0) { operation key }\n}');
        const socket = await opened;
        await answer('before');
        await set('after');
        await answer('after');
        await page.screenshot({ path: `${screenshots}/graphiql-subscription.png` });

        assert.equal(socket.url(), `${url.replace('http', 'ws')}/graphql`);
        const closed = socket.waitForEvent('close');
        await page.getByRole('button', { name: 'Stop query' }).click();
        await closed;
    },

    async refused() {
        await use(`${token}x`);
        await state('The server refuses this token');
        await page.getByLabel('Token', { exact: true }).fill('a token\u00a0of two words');
        await state('one line of plain characters');
        assert.ok(await page.getByRole('button', { name: 'Use', exact: true }).isDisabled());
        await use(token);
        await state('The server takes this token');
    },
};

await watch(watched, { url, token, picture: `${screenshots}/graphiql-${scenario}-failed.png` }, async () => {
    await page.goto(`${url}/graphiql`);
    await scenarios[scenario]();
    const local = await page.evaluate(() => JSON.stringify(localStorage));
    assert.ok(!local.includes(token), 'the token stays out of local storage');
});
