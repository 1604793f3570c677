import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Long } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '@aerogram/dev-env';
import { startServerProcess, type ServerProcess } from '@aerogram/dev-env/load';
import { testDatabase, type TestDatabase } from '@aerogram/storage/testing';
import { READ_OUTBOX } from './page-scripts.ts';
import { endWebStage, hasChromium, setWebStage, type WebPerson, type WebStage } from './stage.ts';
import { layWire, type Wire } from './wire.ts';

/** The texts of a chat as the server has them, the oldest first. */
async function readHistory(from: Actor, other: Actor): Promise<string[]> {
  const answer = await from.main.call({ _: 'messages.getHistory', peer: from.main.inputPeer(other.id), offsetId: 0, offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, hash: Long.ZERO });
  const messages = 'messages' in answer ? answer.messages : [];
  return messages.map((message) => (message._ === 'message' ? message.message : message._)).reverse();
}

/** Waits until a number of own messages in the open chat are sent. */
async function waitForSent({ messages }: WebPerson, count: number): Promise<void> {
  await expect.poll(() => messages.getByRole('img', { name: 'Sent' }).count(), { timeout: 30_000 }).toBe(count);
}

describe.skipIf(!hasChromium)('interruptions of the web client', () => {
  let database: TestDatabase;
  let wire: Wire;
  let stage: WebStage<ServerProcess>;
  const files = mkdtempSync(join(tmpdir(), 'aerogram-files-'));
  beforeAll(async () => {
    database = await testDatabase();
    const server = await startServerProcess({ databaseUrl: database.url });
    wire = await layWire(server.info.http.port);
    stage = await setWebStage(server, wire.port);
  });
  afterAll(async () => {
    await endWebStage(stage);
    await wire?.[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
    rmSync(files, { recursive: true, force: true });
  });

  test('the server is killed while messages are sent: none is lost, none comes twice', async () => {
    const [ann, bob] = [await stage.person('Ann'), await stage.world.user('Bob')];
    await bob.send(ann.actor, 'hello');
    await ann.open(bob);
    await ann.message('hello').waitFor();
    const texts = Array.from({ length: 16 }, (_, index) => `message ${index + 1}`);
    let killed: Promise<void> | undefined;
    for (const [index, text] of texts.entries()) {
      await ann.send(text);
      // The others are written while the server dies, and after that.
      if (index === 7) killed = stage.server.kill('SIGKILL');
    }
    await killed;
    await ann.page.getByText('Connecting…').waitFor();
    await ann.message('message 16').getByRole('img', { name: 'Sending' }).waitFor();
    await stage.server.start();
    await waitForSent(ann, texts.length);
    await bob.sees('message 16');
    expect(await readHistory(bob, ann.actor)).toEqual(['hello', ...texts]);
    expect(await ann.messages.getByRole('article').count()).toBe(texts.length + 1);
    await ann.sameAfterReload();
  });

  test('what was written without the server is sent after a reload, and not again if the server had it already (phone)', async () => {
    const [ann, bob] = [await stage.person('Ann', 'phone'), await stage.world.user('Bob')];
    const { page } = ann;
    await bob.send(ann.actor, 'hello');
    await ann.actor.meet(bob);
    await ann.open(bob);
    await ann.message('hello').waitFor();
    wire.cut();
    await ann.send('arrived before');
    await ann.send('never left');
    await ann.message('never left').getByRole('img', { name: 'Sending' }).waitFor();
    const waiting = await page.evaluate<{ text: string; randomId: string }[]>(READ_OUTBOX);
    const { randomId } = waiting.find(({ text }) => text === 'arrived before')!;
    await page.goto('about:blank');
    // The first one reached the server, whose answer was lost.
    await ann.actor.main.change({ _: 'messages.sendMessage', peer: ann.actor.main.inputPeer(bob.id), message: 'arrived before', randomId: Long.fromString(randomId) });
    wire.mend();
    await ann.open(bob);
    await bob.sees('never left');
    await waitForSent(ann, 2);
    expect(await readHistory(bob, ann.actor)).toEqual(['hello', 'arrived before', 'never left']);
    await expect.poll(() => page.evaluate(READ_OUTBOX)).toEqual([]);
    await ann.sameAfterReload();
  });

  test('a file that had not arrived when the page was left is sent after a reload, or asked for again if it is long; a poll waits for its file', async () => {
    const [ann, bob] = [await stage.person('Ann'), await stage.world.user('Bob')];
    await bob.send(ann.actor, 'the file, please');
    await ann.open(bob);
    const chooseFile = async (name: string, length: number): Promise<void> => {
      const path = join(files, name);
      writeFileSync(path, randomBytes(length));
      await ann.page.locator('input[aria-label="File"]').setInputFiles(path);
      await ann.dialog('Send files').getByRole('button', { name: 'Send', exact: true }).click();
    };
    const leaveAt = async (bytes: number, send: () => Promise<void>): Promise<void> => {
      const isBroken = wire.cutAfter(bytes);
      await send();
      await isBroken;
      await ann.page.goto('about:blank');
      wire.mend();
      await ann.open(bob);
    };
    await leaveAt(200_000, () => chooseFile('plans.zip', 1_000_000));
    await waitForSent(ann, 1);
    await ann.message('plans.zip').waitFor();
    expect(await readHistory(bob, ann.actor)).toEqual(['the file, please', '']);

    await leaveAt(200_000, () => chooseFile('film.zip', 17 * 1024 * 1024));
    const failed = ann.message('Choose the file again.');
    await failed.getByRole('img', { name: 'Failed' }).waitFor();
    expect(await failed.getByRole('button', { name: 'Retry' }).count()).toBe(0);
    await failed.getByRole('button', { name: 'Choose file', exact: true }).waitFor();
    await failed.getByLabel('File', { exact: true }).setInputFiles(join(files, 'film.zip'));
    await ann.message('film.zip').waitFor();
    await waitForSent(ann, 2);
    expect(await readHistory(bob, ann.actor)).toEqual(['the file, please', '', '']);

    await ann.page.getByRole('button', { name: 'Attach' }).click();
    await ann.page.getByRole('menuitem', { name: 'Poll' }).click();
    const dialog = ann.dialog('New poll');
    for (const [name, text] of [['Question', 'Which plan?'], ['Answer 1', 'The first'], ['Answer 2', 'The second']] as const) await dialog.getByRole('textbox', { name }).fill(text);
    const isBrokenAgain = wire.cutAfter(200_000);
    await dialog.getByLabel('File of: Question').setInputFiles([{ name: 'plans.zip', mimeType: 'application/zip', buffer: randomBytes(1_000_000) }]);
    await isBrokenAgain;
    await dialog.getByRole('status').getByText('A poll with files cannot be sent without a connection').waitFor();
    await dialog.getByRole('progressbar', { name: 'Uploading' }).waitFor();
    expect(await dialog.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true);
    wire.mend();
    await dialog.getByRole('button', { name: 'Send' }).click();
    await ann.message('Which plan?').getByRole('button', { name: 'plans.zip' }).waitFor();
    await waitForSent(ann, 3);
    expect(await readHistory(bob, ann.actor)).toEqual(['the file, please', '', '', '']);
    await ann.sameAfterReload();
  });

  test('a log-out without the server leaves nothing in the browser, not even a draft', async () => {
    const [ann, bob] = [await stage.person('Ann'), await stage.world.user('Bob')];
    const { page } = ann;
    await bob.send(ann.actor, 'a secret?');
    await ann.open(bob);
    await ann.message('a secret?').waitFor();
    wire.cut();
    await page.getByText('Connecting…').waitFor();
    await ann.composer.click();
    await page.keyboard.type('my secret');
    const kept = (): Promise<string> => page.evaluate('JSON.stringify([localStorage, sessionStorage])');
    await expect.poll(kept).toContain('my secret');
    await page.keyboard.type(', not kept yet');
    await ann.goToList();
    await page.getByRole('button', { name: 'Menu', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    // The page loads itself anew, which comes to nothing here: so nothing but the end of the page can have erased something.
    await page.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: '<title>Nothing</title>' }));
    await ann.dialog('Log out').getByRole('button', { name: 'Log out' }).click();
    await expect.poll(() => page.title(), { timeout: 15_000 }).toBe('Nothing');
    expect(await kept()).toBe('[{},{}]');
    expect(new URL(page.url()).hash).toBe('#/');
    expect(await page.evaluate('indexedDB.databases()')).toEqual([]);
    await page.unroute('**/*');
    wire.mend();
    await page.reload();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
  });

  test('what happened while the window was offline is there when the connection is back', async () => {
    const [ann, bob, carl] = [await stage.person('Ann'), await stage.world.user('Bob'), await stage.world.user('Carl')];
    const hello = await bob.send(ann.actor, 'hello');
    await bob.send(ann.actor, 'goodbye');
    await ann.open(bob);
    await ann.message('goodbye').waitFor();
    wire.cut();
    await ann.page.getByText('Connecting…').waitFor();
    await ann.send('from the tunnel');
    await bob.edit(hello, 'hello again');
    for (const text of ['one', 'two', 'three']) await bob.send(ann.actor, `while you were away: ${text}`);
    await carl.send(ann.actor, 'who are you?');
    await carl.send(ann.actor, 'answer me');
    wire.mend();
    await ann.message('away: three').waitFor();
    await ann.message('hello again').waitFor();
    await bob.sees('from the tunnel');
    await ann.message('from the tunnel').getByRole('img', { name: 'Sent' }).waitFor();
    await ann.page.getByText('Connecting…').waitFor({ state: 'detached' });
    await ann.goToList();
    await expect.poll(() => ann.row('Carl')).toMatch(/answer me, 2 unread$/);
    await ann.sameAfterReload();
  });

  test('what came while the window was offline, after another device had read the chat, counts as unread', async () => {
    const [ann, bob] = [await stage.person('Ann'), await stage.world.user('Bob')];
    await bob.send(ann.actor, 'one');
    await bob.send(ann.actor, 'two');
    await expect.poll(() => ann.row('Bob'), { timeout: 15_000 }).toMatch(/two, 2 unread$/);
    wire.cut();
    await ann.page.getByText('Connecting…').waitFor();
    await bob.send(ann.actor, 'three');
    await ann.actor.sees('three');
    await ann.actor.main.call({ _: 'messages.readHistory', peer: ann.actor.main.inputPeer(bob.id), maxId: 0 });
    for (const text of ['four', 'five', 'six']) await bob.send(ann.actor, text);
    wire.mend();
    await expect.poll(() => ann.row('Bob'), { timeout: 15_000 }).toMatch(/six, 3 unread$/);
    await expect.poll(() => ann.page.title(), { timeout: 15_000 }).toBe('(3) Aerogram');
    await ann.sameAfterReload();
  });

  test('what is typed while an edit waits for the server is kept', async () => {
    const [ann, bob] = [await stage.person('Ann'), await stage.world.user('Bob')];
    await bob.send(ann.actor, 'hello');
    await ann.open(bob);
    await ann.send('one');
    await ann.message('one').getByRole('img', { name: 'Sent' }).waitFor();
    await ann.choose('one', 'Edit');
    await expect.poll(() => ann.composer.innerText(), { timeout: 15_000 }).toBe('one');
    wire.cut();
    await ann.page.getByText('Connecting…').waitFor();
    await ann.page.keyboard.press('End');
    await ann.page.keyboard.insertText(' edited');
    await ann.page.keyboard.press('Enter');
    await ann.page.keyboard.insertText(' more');
    wire.mend();
    await bob.sees('one edited');
    await ann.message('one edited').waitFor();
    expect(await ann.composer.innerText()).toBe('one edited more');
    await ann.page.keyboard.press('Enter');
    await bob.sees('one edited more');
    await expect.poll(async () => (await ann.composer.innerText()).trim(), { timeout: 15_000 }).toBe('');
    expect(await readHistory(bob, ann.actor)).toEqual(['hello', 'one edited more']);
    await ann.sameAfterReload();
  });

  test('what was edited and deleted without the server says that it waits, and is done after a reload (phone)', async () => {
    const [ann, bob] = [await stage.person('Ann', 'phone'), await stage.world.user('Bob')];
    await bob.send(ann.actor, 'hello');
    await ann.open(bob);
    for (const text of ['edit me', 'delete me', 'last']) await ann.send(text);
    await waitForSent(ann, 3);
    await bob.sees('last');
    wire.cut();
    await ann.page.getByText('Connecting…').waitFor();
    await ann.choose('delete me', 'Delete');
    await ann.dialog('Delete message').getByRole('checkbox', { name: 'Also delete for others' }).check();
    await ann.dialog('Delete message').getByRole('button', { name: 'Delete', exact: true }).click();
    await ann.message('delete me').getByRole('img', { name: 'Waiting to be deleted' }).waitFor();
    await ann.choose('edit me', 'Edit');
    await expect.poll(() => ann.composer.innerText(), { timeout: 15_000 }).toBe('edit me');
    await ann.page.keyboard.press('End');
    await ann.page.keyboard.insertText(' again');
    await ann.page.keyboard.press('Enter');
    await ann.message('edit me').getByRole('img', { name: 'Waiting to be edited' }).waitFor();
    await ann.page.goto('about:blank');
    wire.mend();
    await ann.open(bob);
    await bob.sees('edit me again');
    await bob.seesGone('delete me');
    await ann.message('edit me again').getByRole('img', { name: 'Sent' }).waitFor();
    await ann.message('delete me').waitFor({ state: 'detached' });
    expect(await readHistory(bob, ann.actor)).toEqual(['hello', 'edit me again', 'last']);
    await ann.sameAfterReload();
  });
});
