import assert from 'node:assert/strict';

const editor = (page) => page.getByLabel('Value, as JSON');

/** Pastes into the JSON editor: at typing it closes brackets itself. */
async function write(page, text) {
    await editor(page).click();
    await page.keyboard.press('Control+A');
    await page.evaluate((text) => navigator.clipboard.writeText(text), text);
    await page.keyboard.press('Control+V');
}

/** A pair of each type, and what the server holds then: every digit as it was typed. */
export async function create({ page, enter, get, toast, pick, field, button, shot, until }) {
    await enter();
    const start = async (key, type) => {
        await page.keyboard.press('n');
        await page.getByRole('dialog', { name: 'New pair' }).waitFor();
        await field('Key').fill(key);
        if (type) await pick('Type', type);
    };
    const save = async (key) => {
        await button('Save').click();
        await toast(`${key} saved`);
        await page.getByRole('dialog').waitFor({ state: 'hidden' });
        return get(key);
    };
    const holds = async (key, type, json) => {
        const pair = await save(key);
        assert.deepEqual([pair?.type, pair?.value_text], [type, json], key);
        return pair;
    };

    await start('text');
    await field('Value').fill('123');
    await field('Description').fill('Text, not a number');
    assert.equal((await holds('text', 'STRING', '"123"')).description, 'Text, not a number');

    await start('number', 'Number');
    await field('Value').fill('twelve');
    await button('Save').click();
    await page.getByText('A number, such as 42').waitFor();
    await field('Value').fill('12345678901234567890123.4500');
    await holds('number', 'NUMBER', '12345678901234567890123.4500');

    await start('switch', 'Yes or no');
    await field('Value').check();
    await holds('switch', 'BOOLEAN', 'true');

    await start('date', 'Date');
    await field('Value').fill('2024-02-29');
    await holds('date', 'DATE', '"2024-02-29"');

    await start('instant', 'Date and time');
    await field('Value').fill('2026-01-31T08:30:00');
    await button('Save').click();
    await page.getByText('An instant with its zone, such as').waitFor();
    await field('Value').fill('2026-01-31T08:30:00.250Z');
    await holds('instant', 'DATETIME', '"2026-01-31T08:30:00.250Z"');

    await start('duration', 'Duration');
    await page.getByText('15 minutes', { exact: true }).click();
    await holds('duration', 'DURATION', '"PT15M"');

    await start('json', 'JSON');
    await write(page, '{\n  "ratio": 1.0,\n  "id": 98765432109876543210,\n}');
    await page.getByText('Line 4, column 1').waitFor();
    await shot('json-fault');
    await write(page, '{"z": 1.0, "id": 98765432109876543210, "a": []}');
    await holds('json', 'JSON', '{"z":1.0,"id":98765432109876543210,"a":[]}');

    await start('bytes', 'Bytes');
    const bytes = Buffer.from([0, 1, 255, 254, 10]);
    await page.locator('input[type=file]').setInputFiles({ name: 'b', mimeType: 'application/octet-stream', buffer: bytes });
    await button('Download').waitFor();
    await holds('bytes', 'BINARY', JSON.stringify(bytes.toString('base64')));

    await start('passing');
    await pick('Expires', 'In 15 minutes');
    const before = Date.now();
    const left = Date.parse((await save('passing')).expires_at) - before;
    assert.ok(left > 14 * 60_000 && left < 16 * 60_000, `about 15 minutes: ${left}`);

    await start('text');
    await button('Save').click();
    await page.getByRole('alert').filter({ hasText: 'There is a pair with this key' }).waitFor();
    assert.equal((await get('text')).value_text, '"123"', 'nothing was overwritten');
    await until(() => field('Key').isVisible(), 'the form is still there');
}

/** An edit: one write that keeps the id, the age and the end, and loses nothing of anybody's. */
export async function edit({ page, set, get, enter, row, toast, field, button, says, shot, until, accessible }) {
    await set('state', '{"b":1,"a":1.0}', { ttl: 'PT1H', description: 'kept' });
    const before = await get('state');
    const open = () => row('state').getByRole('link').click();
    await enter();
    await open();
    await editor(page).waitFor();
    await shot('edit');
    await accessible('a pair');
    assert.ok(await button('Save').isDisabled(), 'there is nothing to save yet');
    await write(page, '{"b":2,"a":1.0}');

    // Leaving is asked about, whichever way one leaves.
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor();
    await button('Go on editing').click();
    await page.goBack();
    await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor();
    await button('Go on editing').click();
    await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor({ state: 'hidden' });
    await button('Save').click();
    await toast('state saved');
    const after = await get('state');
    assert.equal(after.value_text, '{"b":2,"a":1.0}');
    const fixed = ({ id, created, expires_at, description }) => ({ id, created, expires_at, description });
    assert.deepEqual(fixed(after), fixed(before));
    assert.equal(after.version, 2);

    // Someone else writes meanwhile: both are shown, and a choice.
    await open();
    await write(page, '{"mine":true}');
    await set('state', '{"theirs":1.0}');
    await says('The pair was changed meanwhile');
    await page.getByLabel('On the server: version 3').filter({ hasText: '"theirs": 1.0' }).waitFor();
    await shot('conflict');
    await button("Take the server's").click();
    await until(async () => (await editor(page).innerText()).includes('"theirs": 1.0'), 'the server’s value');
    await write(page, '{"mine":true}');
    await set('state', '{"theirs":2}');
    await says('The pair was changed meanwhile');
    await button('Save yours over it').click();
    await until(async () => (await get('state')).version === 5, 'the write over theirs');
    assert.equal((await get('state')).value_text, '{"mine":true}');
}

/** A write that met another on the server's side is refused there, and nothing is lost. */
export async function conflict({ page, set, get, enter, row, field, button, says, toast }) {
    await set('count', '1');
    // The page hears of no change: its socket leads nowhere.
    await page.routeWebSocket(/graphql/, () => {});
    await enter();
    await row('count').getByRole('link').click();
    await field('Value').fill('10');
    await set('count', '2');
    await button('Save').click();
    await says('The pair was changed meanwhile');
    assert.equal((await get('count')).value_text, '2');
    await button('Save yours over it').click();
    await toast('count saved');
    assert.equal((await get('count')).value_text, '10');
}

/** The licence: how much is used, and what no longer fits. */
export async function limits({ page, set, enter, says, field, button, shot, toast }) {
    for (let at = 0; at < 7; at += 1) await set(`pair/${at}`, '1');
    await enter();
    await page.getByText('7 of 10 pairs').waitFor();
    await shot('usage');
    await page.keyboard.press('n');
    await field('Key').fill('long');
    await field('Value').fill('x'.repeat(10_000));
    await page.getByText('10 kB of 10 kB: more than the free tier allows').waitFor();
    await button('Save').click();
    // The size meter is an alert of its own.
    await page.getByRole('alert', { name: 'Not saved' }).filter({ hasText: 'the free tier allows' }).waitFor();
    await field('Value').fill('x'.repeat(9_998));
    await button('Save').click();
    await toast('long saved');
    for (let at = 8; at < 10; at += 1) await set(`pair/${at}`, '1');
    await page.getByText('10 of 10 pairs').waitFor();
    await page.keyboard.press('n');
    await field('Key').fill('one/too/many');
    await button('Save').click();
    await says('the free tier allows 10');
}
