import assert from 'node:assert/strict';

/** Found, narrowed down, sorted and paged by the server; columns as they were chosen. */
export async function list({ page, ask, set, enter, visit, until, keys, row, shot, pick, field, button, complaints }) {
    const fields = Array.from({ length: 120 }, (_, at) => `p${at}: set_key_value(input: {key: "bulk/${String(at).padStart(3, '0')}", value: ${at}}) { id }`);
    for (let at = 0; at < 120; at += 60) await ask(`mutation { ${fields.slice(at, at + 60).join(' ')} }`);
    await set('etl/orders/state', '{"state":"done","ratio":1.0}', { description: 'What the last run left' });
    await set('etl/orders/rows', '12345678901234567890123');
    await set('day', '"2026-01-31"', { type: 'DATE', namespace: 'company.team' });
    await set('soon', 'true', { ttl: 'PT1H', namespace: 'company' });

    const answers = [];
    const count = async (response) => {
        if (!response.request().postData()?.includes('query Pairs')) return;
        answers.push((await response.json()).data?.key_value?.length);
    };
    page.on('response', count);
    await enter();
    await page.getByText('1–50 of 124').waitFor();
    assert.equal(await page.locator('tbody tr').count(), 50);
    await until(() => answers.length > 0, 'an answer to the page');
    assert.ok(answers.every((rows) => rows <= 50), 'no more rows are read than are shown');
    // The answers that come while the browser is being closed cannot be read.
    page.off('response', count);

    await page.getByRole('button', { name: 'Next page' }).click();
    await page.getByText('51–100 of 124').waitFor();
    await field('Page, of 3').fill('3');
    await page.keyboard.press('Enter');
    await page.getByText('101–124 of 124').waitFor();
    assert.deepEqual((await keys()).slice(-2), ['etl/orders/rows', 'etl/orders/state']);
    await page.goBack();
    await page.getByText('51–100 of 124').waitFor();

    await page.getByRole('columnheader', { name: 'Value' }).click();
    await page.keyboard.press('/');
    await page.keyboard.type('LAST RUN');
    await page.getByText('1–1 of 1').waitFor();
    assert.deepEqual(await keys(), ['etl/orders/state'], 'found by its description, in either case');
    const counts = [];
    page.on('request', (request) => request.postData()?.includes('query PairCount') && counts.push(request));
    await field('Search keys and descriptions').fill('etl/*');
    await until(async () => (await keys()).length === 2, 'a pattern');
    await page.getByText('1–2 of 2').waitFor();
    assert.equal(counts.length, 0, 'what is all there is not counted too');
    assert.ok((await row('etl/orders/rows').innerText()).includes('12345678901234567890123'), 'every digit is shown');
    await shot('search');

    await button('Filters').click();
    await field('Search in values too').check();
    await field('Search keys and descriptions').fill('"done"');
    await until(async () => (await keys()).join() === 'etl/orders/state', 'a search in values');
    await button('Clear all').click();
    await pick('Type', 'Date');
    await until(async () => (await keys()).join() === 'day', 'a filter by type');
    await page.keyboard.press('Escape');
    await button('Clear all').click();
    await pick('Expires', 'Expires within a day');
    await until(async () => (await keys()).join() === 'soon', 'a filter by expiry');
    await button('Clear all').click();
    await pick('Namespace', 'company.*');
    await until(async () => (await keys()).join() === 'soon,day', 'a branch of namespaces');
    await visit('#/pairs?q=absent');
    await page.getByRole('heading', { name: 'No pair fits' }).waitFor();

    // What the server says of a search through millions, word for word (tests/it/timeouts.rs).
    const errors = [{ message: 'the request took longer than 30 s; ask for less, or try again', extensions: { code: 'TIMEOUT' } }];
    await page.route('**/graphql', (route) => route.fulfill({ status: 503, json: { errors } }));
    await visit('#/pairs?q=orders');
    await page.getByRole('heading', { name: 'Too many pairs to look through' }).waitFor();
    assert.match(complaints.splice(0).join(), /503/, 'the browser says so too');
    await page.unroute('**/graphql');
    await button('Keys that start with orders').click();
    await page.getByRole('heading', { name: 'No pair fits' }).waitFor();
    await button('Show all pairs').click();

    await page.getByRole('columnheader', { name: 'Updated' }).getByRole('button').click();
    await until(async () => (await keys())[0] === 'soon', 'the latest first');
    assert.equal(await page.getByRole('columnheader', { name: 'Updated' }).getAttribute('aria-sort'), 'descending');

    await button('Columns').click();
    await page.getByRole('menuitemcheckbox', { name: 'Description' }).click();
    await page.keyboard.press('Escape');
    await page.reload();
    await row('soon').waitFor();
    assert.equal(await page.getByRole('columnheader', { name: 'Description' }).count(), 0);
    assert.equal(await page.getByRole('columnheader', { name: 'Value' }).count(), 1);
}

/** From key to key without a mouse. */
export async function keyboard({ page, set, enter, until, keys, row, field, toast, get }) {
    for (const key of ['a', 'b', 'c']) await set(key, '1');
    await enter();
    await row('a').getByRole('link').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'c');
    await page.keyboard.press('Home');
    await page.keyboard.press('Space');
    assert.ok(await page.getByLabel('Select a', { exact: true }).isChecked());
    await page.keyboard.press('e');
    await field('Value').fill('2.50');
    await page.keyboard.press('Control+s');
    await toast('a saved');
    assert.equal((await get('a')).value_text, '2.50');

    await row('b').getByRole('link').focus();
    await page.keyboard.press('Delete');
    await toast('Deleting b');
    await until(async () => (await keys()).join() === 'a,c', 'the row is gone');
    await page.getByRole('button', { name: 'Undo' }).click();
    await until(async () => (await keys()).join() === 'a,b,c', 'the row is back');

    await page.keyboard.press('n');
    await page.getByRole('dialog', { name: 'New pair' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'New pair' }).waitFor({ state: 'hidden' });
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
}

/** What others write shows at once. */
export async function live({ page, ask, set, enter, until, keys, row }) {
    await enter();
    await page.getByRole('heading', { name: 'No pairs yet' }).waitFor();
    await page.getByText('Live: changes show at once').waitFor({ state: 'attached' });
    const id = await set('made/elsewhere', '1');
    await row('made/elsewhere').waitFor();
    await set('made/elsewhere', '2.0');
    await until(async () => (await row('made/elsewhere').innerText()).includes('2.0'), 'the new value');
    await ask('mutation($id: UUID!) { delete_key_value(input: {key_value_id: $id}) { success } }', JSON.stringify({ id }));
    await until(async () => (await keys()).length === 0, 'the pair is gone');
}

/** Deleting: with time to think again, and many at once after a question. */
export async function deletion({ page, set, get, enter, until, keys, row, toast, button, shot }) {
    const sent = [];
    page.on('request', (request) => {
        if (request.postData()?.includes('mutation')) sent.push(request.postData());
    });
    for (const key of ['a', 'b', 'c', 'd']) await set(key, '1');
    await set('e', '1', { namespace: 'other' });
    await page.clock.install();
    await enter();
    await button('Actions for a').click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await toast('Deleting a');
    await shot('undo');
    await button('Undo').click();
    await row('a').waitFor();
    await page.clock.runFor(10_000);
    assert.deepEqual(sent, [], 'what was called back was never sent');
    assert.ok(await get('a'));

    await button('Actions for a').click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await until(async () => (await keys()).join() === 'b,c,d,e', 'the row is gone');
    assert.ok(await get('a'), 'the server still has it');
    await page.clock.runFor(10_000);
    await until(async () => (await get('a')) === null, 'the server has deleted it');
    assert.equal(sent.length, 1);

    for (const key of ['b', 'c', 'e']) await page.getByLabel(`Select ${key}`, { exact: true }).check();
    await page.getByRole('region', { name: 'Selected pairs' }).getByRole('button', { name: 'Delete' }).click();
    const question = page.getByRole('dialog', { name: 'Delete 3 pairs?' });
    await question.waitFor();
    await page.clock.runFor(1_000);
    await shot('bulk-delete');
    assert.equal(sent.length, 1, 'nothing is sent before the answer');
    await question.getByRole('button', { name: 'Delete 3 pairs' }).click();
    await until(async () => (await keys()).join() === 'd', 'the rows are gone');
    assert.equal(await get('e', 'other'), null);
}

/** Keys as a tree, by slashes or dots. */
export async function tree({ page, set, enter, accessible, shot, button }) {
    for (const key of ['a', 'etl/orders/rows', 'etl/orders/state', 'etl/users/rows', 'x.y']) await set(key, '1');
    await set('only', '1', { namespace: 'company.team' });
    await enter();
    await page.getByText('Tree', { exact: true }).click();
    await page.getByRole('button', { name: 'default 5 pairs' }).click();
    await button('etl').click();
    await button('orders').focus();
    await page.keyboard.press('ArrowRight');
    await button('state').waitFor();
    await shot('tree');
    await accessible('the tree');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('heading', { name: 'etl/orders/rows' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('.', { exact: true }).click();
    await button('x').click();
    await button('y').waitFor();
}
