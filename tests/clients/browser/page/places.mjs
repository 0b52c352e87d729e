import assert from 'node:assert/strict';

/** Tokens: made, shown once, used, revoked. */
export async function tokens({ page, url, enter, ask, shot, field, button, pick, row, accessible, until }) {
    await enter('#/tokens');
    await button('New token').click();
    await field('Name').fill('nightly');
    await pick('Expires after', '30 days');
    await pick('Role', 'Read Only User');
    await page.getByRole('combobox', { name: 'Namespaces' }).fill('company.*');
    await page.keyboard.press('Enter');
    await shot('token-form');
    await button('Make the token').click();
    const made = (await page.getByLabel('Token', { exact: true }).textContent()).trim();
    await accessible('a new token');
    await shot('new-token');
    const lines = await page.getByLabel('Prefect lines', { exact: true }).textContent();
    assert.ok(lines.includes(`PREFECT__CLOUD__API=${url}`) && lines.includes(made), lines);
    await button('Copy the Prefect lines').click();
    await until(async () => (await page.evaluate(() => navigator.clipboard.readText())) === lines, 'the clipboard');
    await page.keyboard.press('Escape');
    assert.ok(await button('I have copied it').isVisible(), 'it does not go by mistake');
    await button('I have copied it').click();

    const { auth_info: may } = await ask('{ auth_info { permissions } }', '{}', made);
    assert.ok(may.permissions.includes('read:key-value') && !may.permissions.includes('create:key-value'));
    await ask('{ key_value(namespace: "company.team") { key } }', '{}', made);
    await assert.rejects(ask('{ key_value(namespace: "default") { key } }', '{}', made), 'not beyond its namespaces');
    const mine = page.getByRole('row').filter({ hasText: 'nightly' });
    await mine.getByText('in 30 days').waitFor();
    assert.ok(!(await page.content()).includes(made), 'it is shown no more');
    await shot('tokens');
    await button('Revoke nightly').click();
    await button('Revoke').click();
    await mine.waitFor({ state: 'detached' });
    await assert.rejects(ask('{ hello }', '{}', made));
    assert.equal(await row('nightly').count(), 0);
}

/** Namespaces: made, described, filled, deleted. */
export async function namespaces({ page, enter, set, shot, field, button, accessible, says, get }) {
    await set('a', '1', { namespace: 'company.team' });
    await enter('#/namespaces');
    await button('New namespace').click();
    await field('Name').fill('not a name');
    await button('Save').click();
    await says('Not saved');
    await field('Name').fill('company.new');
    await field('Description').fill('For the new team');
    await button('Save').click();
    const made = page.getByRole('row').filter({ hasText: 'company.new' });
    await made.filter({ hasText: 'For the new team' }).waitFor();
    await button('Actions for company.new').click();
    await page.getByRole('menuitem', { name: 'Describe' }).click();
    await field('Description').fill('Renamed');
    await button('Save').click();
    await made.filter({ hasText: 'Renamed' }).waitFor();
    await shot('namespaces');
    await accessible('namespaces');

    await page.getByRole('link', { name: 'company.team' }).click();
    await page.getByText('1–1 of 1').waitFor();
    await page.goBack();
    await button('Actions for company.team').click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    assert.ok(await button('Delete').isDisabled(), 'not with what is in it, unless that is said');
    await page.getByLabel('Delete the 1 pair in it too').check();
    await button('Delete').click();
    await page.getByRole('row').filter({ hasText: 'company.team' }).waitFor({ state: 'detached' });
    assert.equal(await get('a', 'company.team'), null);
}

/** Light and dark, wide and 360 pixels narrow; and the pictures for the documents. */
export async function looks({ page, enter, visit, set, row, shot, accessible, field }) {
    await set('etl/orders/watermark', '"2026-11-20T23:45:00Z"', { type: 'DATETIME', description: 'High-water mark of the orders import' });
    await set('etl/orders/rows', '12345678901234567890123');
    const state = '{"state":"done","rows":1200,"ratio":1.0,"tags":["daily","eu"],"last":{"id":98765432109876543210,"ok":true}}';
    const id = await set('etl/orders/state', state, { description: 'What the last run left' });
    await set('etl/users/watermark', '"2026-11-19"', { type: 'DATE' });
    await set('etl/users/retry_after', '"PT15M"', { type: 'DURATION' });
    await set('etl/users/enabled', 'true', { description: 'Switch the nightly import off here' });
    await set('fx/eur-usd', '1.0850', { ttl: 'PT12H' });
    await set('checkpoint', '{"offset":42,"done":false}', { namespace: 'company.team' });
    await set('model/version', '"v12"', { namespace: 'company.team', description: 'Promoted by the training flow' });
    await set('model/weights.bin', '"AAECAwT/"', { namespace: 'company.team.ml', type: 'BINARY' });

    const fits = async (what) => {
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${what} is ${wide} pixels too wide`);
    };
    await page.goto('about:blank');
    await enter();
    await row('fx/eur-usd').waitFor();
    for (const scheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
        await page.setViewportSize({ width: 1280, height: 720 });
        await visit('#/pairs');
        await row('fx/eur-usd').waitFor();
        await accessible(`the table, ${scheme}`);
        await shot(`pairs-${scheme}`);
        await visit(`#/pairs?open=${id}`);
        await page.getByLabel('Value, as JSON').waitFor();
        await field('Description').waitFor();
        await accessible(`a pair, ${scheme}`);
        await shot(`pair-${scheme}`);
        await page.getByRole('tab', { name: 'Code to paste' }).click();
        await page.getByLabel('Python lines', { exact: true }).waitFor();
        await accessible(`code to paste, ${scheme}`);
        await shot(`code-${scheme}`);
        await page.setViewportSize({ width: 360, height: 740 });
        await fits('a pair');
        await visit('#/pairs?open=new');
        await field('Key').waitFor();
        await accessible(`the form, narrow, ${scheme}`);
        await fits('the form');
        await visit('#/pairs');
        await row('fx/eur-usd').waitFor();
        await accessible(`the table, narrow, ${scheme}`);
        await fits('the table');
        await shot(`narrow-${scheme}`);
        for (const place of ['tokens', 'namespaces', 'pairs?as=tree']) {
            await visit(`#/${place}`);
            await page.locator('main').getByText(/admin|company.team/).first().waitFor();
            await accessible(`${place}, narrow, ${scheme}`);
            await fits(place);
        }
    }
}

/** The tenants of the token's user: chosen, and kept for the tab. */
export async function tenants({ page, url, enter, set, ask, row, until, token, shot, button }) {
    await set('here', '1');
    const { create_tenant: made } = await ask('mutation { create_tenant(input: {name: "Lab", slug: "lab"}) { id } }');
    await enter();
    await row('here').waitFor();
    await button('Tenant default').click();
    await page.getByRole('menuitem', { name: 'Lab' }).waitFor();
    await shot('tenants');
    await page.getByRole('menuitem', { name: 'Lab' }).click();
    await page.getByRole('heading', { name: 'No pairs yet' }).waitFor();
    await page.getByText('Live: changes show at once').waitFor({ state: 'attached' });

    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'x-prefect-tenant-id': made.id };
    const body = JSON.stringify({ query: 'mutation { set_key_value(input: {key: "there", value: 1}) { id } }' });
    assert.ok((await (await fetch(`${url}/graphql`, { method: 'POST', headers, body })).json()).data.set_key_value.id);
    await row('there').waitFor();
    await page.reload();
    await row('there').waitFor();
    await button('Tenant Lab').click();
    await page.getByRole('menuitem', { name: 'default' }).click();
    await row('here').waitFor();
    await until(async () => (await row('there').count()) === 0, 'each tenant has its own');
}

/** Who did what: found by what, of what, by whom, and how it ended. */
export async function audit({ page, enter, set, ask, until, pick, field, button, accessible, shot, tokens: [reader] }) {
    await set('watched/one', '"secret value"');
    await set('watched/two', '2');
    await ask('mutation { set_key_value(input: {key: "watched/three", value: 3}) { id } }', '{}', reader).catch(() => {});
    await enter('#/audit');
    const rows = (text) => page.getByRole('row').filter({ hasText: text });
    await rows('watched/one').filter({ hasText: 'Pair written' }).waitFor();
    await rows('watched/three').filter({ hasText: 'forbidden' }).waitFor();
    await rows('watched/one').filter({ hasText: '127.0.0.1' }).filter({ hasText: 'admin@default' }).waitFor();
    assert.ok(!(await page.content()).includes('secret value'));
    await accessible('the audit log');
    await shot('audit');
    await pick('Outcome', 'Refused');
    await until(async () => (await rows('watched/one').count()) === 0, 'what was done is left out');
    assert.equal(await rows('watched/three').count(), 1);
    await pick('Outcome', 'Done');
    await pick('What was done', 'Pair written');
    await field('Key').fill('WATCHED/T');
    await until(async () => (await page.locator('tbody tr').count()) === 1, 'a key');
    await rows('watched/two').waitFor();
    await field('Who or from where').fill('203.0.113');
    await page.getByRole('heading', { name: 'Nothing like that' }).waitFor();
    await button('Read again').click();
}
