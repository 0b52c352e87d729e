// The web page in a real Chromium, as a person uses it.
//
//     HIGHWATER_TEST_SCRIPTS=FOLDER node --input-type=module - FILE SCENARIO URL SCREENSHOTS TOKEN... < page.mjs
//
// Runs SCENARIO of page/FILE.mjs. Ends with 1 at the first claim that does not hold.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { chromium } from 'playwright-core';

const [file, scenario, url, screenshots, token, ...tokens] = process.argv.slice(2);
const scripts = process.env.HIGHWATER_TEST_SCRIPTS;
const { open, watch } = await import(`${scripts}/watched.mjs`);
const { [scenario]: run, options } = await import(`${scripts}/page/${file}.mjs`);

const watched = await open(chromium, options?.[scenario]);
const { page, context, asked, complaints } = watched;

/** Asks the server beside the page. `variables` is JSON text, so that numbers arrive as they are written. */
async function ask(query, variables = '{}', as = token) {
    const headers = { authorization: `Bearer ${as}`, 'content-type': 'application/json' };
    const body = `{"query":${JSON.stringify(query)},"variables":${variables}}`;
    const text = await (await fetch(`${url}/graphql`, { method: 'POST', headers, body })).text();
    const { data, errors } = JSON.parse(text);
    assert.equal(errors, undefined, text);
    return data;
}

/** Writes a pair; `json` is the value's text, `more` further fields of the input. */
function set(key, json, more = {}) {
    const fields = JSON.stringify({ key, ...more }).slice(1, -1);
    const query = 'mutation($input: set_key_value_input!) { set_key_value(input: $input) { id } }';
    return ask(query, `{"input":{${fields},"value":${json}}}`).then((data) => data.set_key_value.id);
}

/** The pair with this key, its value as text. */
async function get(key, namespace = 'default') {
    const fields = 'id type description expires_at version created value_text';
    const query = `query($k: String!, $n: String!) { key_value_by_key(key: $k, namespace: $n) { ${fields} } }`;
    return (await ask(query, JSON.stringify({ k: key, n: namespace }))).key_value_by_key;
}

/** Opens the page with a token, at a place. */
async function enter(place = '#/pairs', as = token) {
    await page.goto(`${url}/${place}`);
    await page.getByLabel('Token', { exact: true }).fill(as);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByRole('link', { name: 'Highwater' }).waitFor();
}

/** Goes to another place in the page. */
const visit = (place) => page.evaluate((place) => location.assign(place), place);

/** Nothing that keeps a person from using what is shown. */
async function accessible(what) {
    if (!(await page.evaluate(() => 'axe' in window))) {
        await page.evaluate(await readFile(createRequire(`${process.cwd()}/`).resolve('axe-core'), 'utf8'));
    }
    // A colour that is still on its way to another is neither.
    await page.evaluate(() => {
        const running = document.getAnimations().filter(({ effect }) => effect.getComputedTiming().endTime < 10_000);
        return Promise.allSettled(running.map(({ finished }) => finished));
    });
    const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ['violations'] }));
    const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
    const told = serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join('\n  ')}`);
    assert.deepEqual(told, [], `axe on ${what}`);
}

/** Waits until something asked again and again is so. */
async function until(so, what) {
    for (let tries = 0; tries < 200; tries += 1) {
        if (await so()) return;
        await page.waitForTimeout(50);
    }
    assert.fail(`not in ten seconds: ${what}`);
}

const shot = (name) => page.screenshot({ path: `${screenshots}/page-${name}.png` });
const row = (key) => page.getByRole('row').filter({ has: page.getByRole('link', { name: key, exact: true }) });
const keys = () => page.locator('[data-key]').allInnerTexts();
const says = (text) => page.getByRole('alert').filter({ hasText: text }).waitFor();
const toast = (text) => page.locator('.mantine-Notification-root').filter({ hasText: text }).first().waitFor();
const field = (name) => page.getByLabel(name, { exact: true });
const button = (name) => page.getByRole('button', { name, exact: true });
const pick = async (label, option) => {
    await page.getByRole('combobox', { name: label, exact: true }).click();
    await page.getByRole('option', { name: option, exact: true }).click();
};

const at = { page, context, asked, complaints, url, token, tokens, screenshots };
const tools = { ask, set, get, enter, visit, accessible, until, shot, row, keys, says, toast, field, button, pick };
await watch(watched, { url, token, picture: `${screenshots}/page-${scenario}-failed.png` }, () => run({ ...at, ...tools }));
