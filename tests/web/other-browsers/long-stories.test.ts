import { type Actor, World } from '@aerogram/dev-env';
import { type ServerProcess, startServerProcess } from '@aerogram/dev-env/load';
import { testDatabase, type TestDatabase } from '@aerogram/storage/testing';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WALK_BACK, type Walked } from '../../../bench/web/page-scripts.ts';
import { type Browser, KEY } from './browser-tab.ts';
import { BROWSERS, chatRow, field, logIn, message } from './steps.ts';

const button = (name: string) => ({ css: 'button', name });

/** Messages of the long chat, and how many are on the way at once while it is filled. */
const MESSAGES = 2000;
const LANES = 32;

/** Fills the chat of two people with different texts of different heights. */
async function fillChat(ann: Actor, bob: Actor): Promise<void> {
  let next = 0;
  await Promise.all(Array.from({ length: LANES }, async (_, lane) => {
    const [from, to] = lane % 2 === 0 ? [ann, bob] : [bob, ann];
    while (next < MESSAGES) {
      const text = `message ${next++} ${'with some words '.repeat(next % 7)}`;
      await from.main.change({ _: 'messages.sendMessage', peer: from.main.inputPeer(to.id), message: text, randomId: randomLong() });
    }
  }));
  await ann.main.call({ _: 'messages.readHistory', peer: ann.main.inputPeer(bob.id), maxId: 2 ** 31 - 1 });
}

for (const { name, isThere, records, start } of BROWSERS) describe.skipIf(!isThere)(`long stories of the web client in ${name}`, () => {
  let database: TestDatabase;
  let server: ServerProcess;
  let world: World;
  let browser: Browser;
  beforeAll(async () => {
    database = await testDatabase();
    server = await startServerProcess({ databaseUrl: database.url });
    world = new World(server);
    browser = await start();
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
  });

  test('2,000 messages are scrolled, voice is recorded and played, and nothing is lost when the server is killed', { timeout: 600_000 }, async () => {
    const [ann, bob] = [await world.user('Ann'), await world.user('Bob')];
    await ann.meet(bob);
    await bob.meet(ann);
    await fillChat(ann, bob);
    const tab = await logIn(browser, server.info.http.port, ann, { width: 1280, height: 800 });
    await tab.click(chatRow('Bob'));
    await tab.waitFor(message(`message ${MESSAGES - 1}`));
    const walked = await tab.evaluate<Walked>(WALK_BACK);
    expect(walked).toMatchObject({ seen: MESSAGES, doubled: 0 });
    expect(walked.moved).toBeLessThanOrEqual(1);

    await tab.reload();
    await tab.waitFor(field('Message'));
    if (records) {
      await tab.click(button('Record voice message'));
      await tab.waitFor({ css: '[role="timer"]', name: '0:01' });
      await tab.click(button('Stop recording'));
      await bob.main.waitUntil('a voice message', () => [...bob.main.state.messages.values()].some(({ out, media }) => !out && media !== ''));
      await tab.click(button('Play'));
      await tab.waitFor({ css: '[aria-label="Now playing"]', name: /./u });
      await tab.click(button('Stop playing'));
    }

    const texts = Array.from({ length: 8 }, (_, index) => `while it dies ${index + 1}`);
    await tab.click(field('Message'));
    let killed: Promise<void> | undefined;
    for (const [index, text] of texts.entries()) {
      await tab.type(text + KEY.enter);
      if (index === 3) killed = server.kill('SIGKILL');
    }
    await killed;
    await tab.waitFor(message(texts.at(-1)!));
    await server.start();
    await tab.waitFor({ css: '[role="img"]', name: 'Sending' }, true);
    await bob.sees(texts.at(-1)!);
    const history = await bob.main.client.call({ _: 'messages.getHistory', peer: bob.main.inputPeer(ann.id), offsetId: 0, offsetDate: 0, addOffset: 0, limit: texts.length, maxId: 0, minId: 0, hash: randomLong().xor(randomLong()) });
    const got = 'messages' in history ? history.messages.map((each) => (each._ === 'message' ? each.message : '')).reverse() : [];
    expect(got).toEqual(texts);
    await tab.reload();
    for (const text of texts) await tab.waitFor(message(text));
    expect(await tab.count(message('while it dies'))).toBe(texts.length);
  });
});
