// A page in a real Chromium, with an eye on what no page may do. What both pages' scripts share.
import assert from 'node:assert/strict';

/** Opens Chromium; `chromium` is Playwright's, which only the scripts' own folder has. */
export async function open(chromium, options = {}) {
    const browser = await chromium.launch({
        executablePath: process.env.HIGHWATER_TEST_CHROMIUM || '/usr/bin/chromium',
        args: [
            '--no-sandbox',
            '--disable-gpu',
            '--disable-quic',
            '--no-first-run',
            '--disable-background-networking',
            '--disable-component-update',
            '--disable-sync',
            '--disable-dev-shm-usage',
        ],
    });
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    context.setDefaultTimeout(60_000);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);

    // Gathered all the time and looked at in the end.
    const asked = [];
    const complaints = [];
    context.on('request', (request) => asked.push(request.url()));
    context.on('console', (message) => {
        // A refused token, and a network that a scenario cuts: the browser has a line for them all the same.
        const meant = ['401 (Unauthorized)', 'ERR_INTERNET_DISCONNECTED'].some((line) => message.text().includes(line));
        if (['error', 'warning'].includes(message.type()) && !meant) complaints.push(message.text());
    });
    context.on('weberror', (error) => complaints.push(String(error.error())));
    context.on('dialog', (dialog) => {
        complaints.push(`a dialogue: ${dialog.type()}`);
        void dialog.accept();
    });
    await context.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (event) => {
            console.error(`policy: ${event.effectiveDirective} forbids ${event.blockedURI} at ${event.sourceFile}`);
        });
    });
    const page = await context.newPage();
    return { browser, context, page, asked, complaints };
}

/** Runs a scenario; then nothing may have gone to another host, into an address or the console that belongs there not. */
export async function watch({ browser, page, asked, complaints }, { url, token, picture }, scenario) {
    try {
        await scenario();
        assert.ok(!asked.some((to) => to.includes(token)), 'the token stays out of addresses');
        const own = [`${url}/`, 'data:', `blob:${url}/`];
        const elsewhere = asked.filter((to) => !own.some((start) => to.startsWith(start)));
        assert.deepEqual(elsewhere, [], 'everything comes from the server itself');
        assert.deepEqual(complaints, [], 'the console stays silent');
    } catch (error) {
        await page.screenshot({ path: picture });
        console.error(`the console said: ${complaints.join('\n')}`);
        throw error;
    } finally {
        await browser.close();
    }
}
