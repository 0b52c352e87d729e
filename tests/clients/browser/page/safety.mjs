import assert from 'node:assert/strict';

const HOSTILE = [
    '<img src=x onerror="window.ran=1">',
    '"><script>window.ran=1</script>',
    '</textarea><svg onload=window.ran=1>',
    'javascript:window.ran=1',
    '{{constructor.constructor("window.ran=1")()}}',
    '../../../etc/passwd?a=b#c&d',
    '\u202Egnp.exe \u0000 \u001b[31m',
    '__proto__',
];

/** Keys, values and descriptions that want to be code: shown as the text they are, everywhere. */
export async function hostile({ page, set, enter, visit, row, keys, button, until, shot, get, field, toast, complaints }) {
    for (const text of HOSTILE) {
        await set(text, JSON.stringify(text), { description: text.replaceAll('\u0000', '') });
        await set(`in/${text}`, JSON.stringify({ [text]: [text] }));
    }
    await enter();
    await until(async () => (await keys()).length === 2 * HOSTILE.length, 'every key is there');
    await shot('hostile');
    for (const text of HOSTILE) {
        const id = (await get(text)).id;
        await visit(`#/pairs?open=${id}`);
        await page.getByRole('dialog').locator('h2.mono').waitFor();
        assert.equal(await page.getByRole('dialog').locator('h2.mono').textContent(), text);
        await page.getByRole('tab', { name: 'Code to paste' }).click();
        await page.getByLabel('Python lines', { exact: true }).waitFor();
        await page.keyboard.press('Escape');
    }
    await visit(`#/pairs?as=tree&q=${encodeURIComponent(HOSTILE[0])}`);
    await page.getByText('Branches at').first().waitFor();
    await visit(`#/${encodeURIComponent(HOSTILE[0])}?namespace=${encodeURIComponent(HOSTILE[1])}&open=${encodeURIComponent(HOSTILE[2])}`);
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');

    // What a text field cannot hold is edited as JSON writes it, and loses nothing.
    const odd = HOSTILE[6];
    await visit('#/pairs');
    await row(odd).getByRole('link').click();
    await page.getByText('Written as JSON').waitFor();
    await field('Description').fill('changed');
    await button('Save').click();
    await toast('saved');
    assert.deepEqual(JSON.parse((await get(odd)).value_text), odd);

    assert.equal(await page.evaluate(() => window.ran), undefined);
    const refused = await page.evaluate(() => {
        try {
            document.body.innerHTML = '<b>x</b>';
            return false;
        } catch {
            return true;
        }
    });
    assert.ok(refused, 'no script of the page could make a text into a document');
    assert.match(complaints.splice(0).join(), /TrustedHTML/, 'and the browser says why');
}

/** The first load, and what comes later. */
export async function weight({ page, url, enter, set, row }) {
    const sizes = new Map();
    page.on('response', (response) => {
        if (!new URL(response.url()).pathname.startsWith('/assets/')) return;
        sizes.set(response.url(), Number(response.headers()['content-length']));
    });
    await set('state', '{"a":1}');
    await enter();
    await row('state').waitFor();
    await page.waitForLoadState('networkidle');
    const first = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    assert.ok(first > 50_000 && first < 300_000, `the first load is ${first} bytes`);
    console.log(`first load: ${first} bytes of gzip`);

    const before = sizes.size;
    await row('state').getByRole('link').click();
    await page.getByLabel('Value, as JSON').waitFor();
    assert.ok(sizes.size > before, 'the JSON editor comes when it is needed');
    assert.ok(url);
}
