import assert from 'node:assert/strict';

const kept = (page) => page.evaluate(() => [sessionStorage['highwater.token'], localStorage['highwater.token']]);

/** The token: given, refused, kept for the tab or for longer, forgotten. */
export async function login({ page, asked, url, token, enter, says, button, field, shot }) {
    await page.goto(`${url}/`);
    await field('Token').waitFor();
    assert.ok(!asked.some((to) => to.endsWith('/graphql')), 'without a token the page asks nothing');
    await shot('login');

    await enter('#/pairs', `  Bearer ${token}\n`);
    assert.deepEqual(await kept(page), [token, undefined]);
    await page.reload();
    await page.getByRole('heading', { name: 'No pairs yet' }).waitFor();
    await shot('empty');

    await button('Session').click();
    await page.getByRole('menuitem', { name: 'Forget the token' }).click();
    await field('Token').waitFor();
    assert.deepEqual(await kept(page), [undefined, undefined]);

    await field('Token').fill(`${token}x`);
    await button('Open').click();
    await says('The server does not take this token');
    assert.deepEqual(await kept(page), [undefined, undefined]);
    await field('Token').fill('two\u00a0words');
    await page.getByText('one line of plain characters').waitFor();
    assert.ok(await button('Open').isDisabled());

    await field('Token').fill(token);
    await page.getByLabel('Remember me').check();
    await button('Open').click();
    await page.getByRole('heading', { name: 'No pairs yet' }).waitFor();
    assert.deepEqual(await kept(page), [undefined, token]);

    await page.getByRole('link', { name: 'REST' }).click();
    await page.waitForURL(`${url}/openapi`);
    await page.getByText('Kestra').first().waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'GraphiQL' }).click();
    await page.getByRole('status').filter({ hasText: 'The server takes this token' }).waitFor();
}

/** What a token may not do is not offered, or said. */
export async function permissions({ page, enter, visit, set, row, button, tokens: [reader, team], shot, says, accessible, complaints }) {
    await set('greeting', '"hello"');
    await enter('#/pairs', reader);
    await row('greeting').waitFor();
    assert.equal(await button('New pair').getAttribute('aria-disabled'), 'true');
    await page.keyboard.press('n');
    await button('Actions for greeting').click();
    assert.equal(await page.getByRole('menuitem', { name: 'Delete' }).count(), 0);
    await page.getByRole('menuitem', { name: 'View' }).click();
    await page.getByText('The token may look, not write.').waitFor();
    assert.equal(await button('Save').count(), 0);
    await shot('read-only');
    await page.keyboard.press('Escape');
    await visit('#/tokens');
    await page.getByRole('heading', { name: 'Tokens' }).waitFor();
    assert.equal(await button('New token').count(), 0);

    await page.evaluate(() => sessionStorage.clear());
    await page.goto('about:blank');
    await enter('#/pairs?namespace=default', team);
    await says('Not for this token');
    await says('The token does not reach this namespace.');
    await shot('not-for-this-token');
    await accessible('a place that is not for this token');
    await visit('#/pairs');
    await page.getByRole('heading', { name: 'No pairs yet' }).waitFor();
    assert.ok(complaints.splice(0).every((line) => line.includes('403')), 'the browser says so too');
}

/** A server out of reach: said, and mended by itself. */
export async function offline({ page, context, enter, set, row, says, shot, visit }) {
    await set('before', '1');
    await enter();
    await row('before').waitFor();
    await page.getByText('Live: changes show at once').waitFor({ state: 'attached' });

    await context.setOffline(true);
    await visit('#/pairs?q=other');
    await says('The server cannot be reached');
    await shot('offline');
    await context.setOffline(false);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'No pair fits' }).waitFor();
    await page.getByRole('button', { name: 'Show all pairs' }).click();
    await row('before').waitFor();
}
