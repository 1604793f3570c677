import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestServer, type TestServer, World } from '@aerogram/dev-env';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePicture } from '../../scenarios/photo-stage.ts';
import { type Browser, KEY } from './browser-tab.ts';
import { BROWSERS, chatRow, field, logIn, message } from './steps.ts';

const menuItem = (name: string) => ({ css: '[role="menuitem"]', name });

for (const { name, isThere, start } of BROWSERS) describe.skipIf(!isThere)(`the web client in ${name}`, () => {
  let server: TestServer;
  let world: World;
  let browser: Browser;
  const files = mkdtempSync(join(tmpdir(), 'aerogram-files-'));
  beforeAll(async () => {
    server = await startTestServer();
    world = new World(server);
    browser = await start();
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
    rmSync(files, { recursive: true, force: true });
  });

  test('somebody logs in, writes, opens menus, sends a photo and a file, reloads, and opens a second tab', async () => {
    const [ann, bob] = [await world.user('Ann'), await world.user('Bob')];
    await bob.send(ann, 'hello from another client');
    const tab = await logIn(browser, server.info.http.port, ann, { width: 1280, height: 800 });
    await tab.click(chatRow('Bob'));
    await tab.waitFor(message('hello from another client'));
    await tab.click(field('Message'));
    await tab.type(`hello back${KEY.enter}`);
    await bob.sees('hello back');

    // Firefox opens context menus when the right button is pressed. They must stay open when it is released.
    await tab.click(message('hello from another client'), 2);
    await tab.waitFor(menuItem('Reply'));
    await tab.click(menuItem('Reply'));
    await tab.waitFor(menuItem('Reply'), true);
    await tab.type(`an answer${KEY.enter}`);
    await bob.sees('an answer');
    await tab.click(message('hello back'), 2);
    await tab.waitFor(menuItem('Edit'));
    await tab.type(KEY.escape);
    await tab.waitFor(menuItem('Edit'), true);

    const [photo, file] = [join(files, 'photo.png'), join(files, 'plans.zip')];
    writeFileSync(photo, await makePicture(320, 200));
    writeFileSync(file, Buffer.alloc(300_000, 7));
    await tab.chooseFiles('input[type="file"][accept^="image"]', [photo]);
    await tab.waitFor({ css: 'dialog', name: 'Send files' });
    await tab.type('a caption');
    await tab.type(KEY.escape);
    await tab.click({ css: 'dialog[aria-label="Discard the text?"] button', name: 'Cancel' });
    await tab.click({ css: 'dialog[aria-label="Send files"] button', name: 'Send' });
    await bob.sees('a caption');
    await tab.chooseFiles('input[type="file"]:not([accept])', [file]);
    await tab.click({ css: 'dialog[aria-label="Send files"] button', name: 'Send' });
    await tab.waitFor(message('plans.zip'));
    await tab.waitFor({ css: '[role="img"]', name: 'Sending' }, true);

    await tab.reload();
    for (const text of ['hello from another client', 'hello back', 'an answer', 'a caption', 'plans.zip']) await tab.waitFor(message(text));
    const second = await browser.openTab(`http://localhost:${server.info.http.port}/#/chat/${bob.id}`, { width: 360, height: 740 });
    await second.waitFor(message('an answer'));
    await bob.send(ann, 'for both tabs');
    await tab.waitFor(message('for both tabs'));
    await second.waitFor(message('for both tabs'));
    expect(browser.problems).toEqual([]);
  });

  test('formats show while one types, the viewer turns a photo and leads to its place, and search has tabs', async () => {
    const tab = await browser.openTab(`http://localhost:${server.info.http.port}/`, { width: 1280, height: 800 });
    await tab.click(chatRow('Bob'));
    await tab.waitFor(message('a caption'));
    await tab.click(field('Message'));
    await tab.type('**loud** and __soft__, `code` and more');
    const shown = `[...document.querySelectorAll('.editor strong, .editor em, .editor code')].map((element) => element.localName + ' ' + element.textContent)`;
    expect(await tab.evaluate<string[]>(shown)).toEqual(['strong loud', 'em soft', 'code code']);
    await tab.type(`${KEY.backspace.repeat(4)}less`);
    expect(await tab.evaluate<string>(`document.querySelector('.editor').textContent`)).toBe('**loud** and __soft__, `code` and less');
    await tab.type(KEY.enter);
    await tab.waitFor(message('loud and soft, code and less'));
    expect(await tab.evaluate<string[]>(`[...[...document.querySelectorAll('article')].at(-1).querySelectorAll('strong, em, code')].map((element) => element.localName)`)).toEqual(['strong', 'em', 'code']);

    await tab.click({ css: 'article .tile:has(img)', name: /^$/u });
    const tool = (name: string) => ({ css: 'dialog.viewer button', name });
    await tab.click(tool('Rotate'));
    await tab.click(tool('Zoom in'));
    expect(await tab.evaluate<string>(`document.querySelector('.viewer-moved').style.transform`)).toMatch(/scale\(1\.\d+\) rotate\(0\.25turn\)/);
    await tab.click(tool('Forward'));
    await tab.waitFor({ css: 'dialog[aria-label="Forward to"] input', name: 'Saved Messages' });
    await tab.type(KEY.escape);
    await tab.waitFor({ css: 'dialog[aria-label="Forward to"]', name: /./u }, true);
    await tab.click(tool('Show in chat'));
    await tab.waitFor({ css: 'dialog.viewer', name: /./u }, true);
    expect(await tab.evaluate<string>('location.hash')).toMatch(/^#\/chat\/\d+\/\d+$/);

    await tab.click(field('Search'));
    await tab.click({ css: '[role="tab"]', name: 'Channels' });
    await tab.waitFor({ css: '.empty', name: 'Channels that you join stand here.' });
    await tab.click({ css: '[role="tab"]', name: 'Chats' });
    await tab.click(field('Search'));
    await tab.type('less');
    await tab.waitFor({ css: 'mark', name: 'less' });
    await tab.click({ css: 'button', name: 'Leave search' });
    await tab.waitFor(chatRow('Bob'));
    expect(browser.problems).toEqual([]);
  });

  test('a narrow window shows the list of chats within its width', async () => {
    const widths = `[...document.querySelectorAll('body *')].filter((element) => element.checkVisibility() && element.getBoundingClientRect().right > innerWidth + 1 && !element.closest('[role="tablist"]')).map((element) => element.className || element.tagName)`;
    const tab = await browser.openTab(`http://localhost:${server.info.http.port}/`, { width: 360, height: 740 });
    await tab.waitFor(chatRow('Bob'));
    expect(await tab.evaluate<string[]>(widths)).toEqual([]);
  });
});
