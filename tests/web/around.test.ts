import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRepositoryRoot } from '@aerogram/dev-env';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COUNT_ROWS } from './page-scripts.ts';
import { endWebStage, hasChromium, startWebStage, type WebStage } from './stage.ts';
import { layWire } from './wire.ts';

/** Notes each notification in place of showing it. */
const NOTE_NOTIFICATIONS = `
  window.noted = [];
  window.Notification = class {
    static permission = 'default';
    static async requestPermission() { return (window.Notification.permission = 'granted'); }
    constructor(title, { body }) { window.noted.push(title + ': ' + body); }
    close() {}
  };`;

describe.skipIf(!hasChromium)('around the chats of the web client', () => {
  let stage: WebStage;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aerogram-web-'));
    await cp(join(findRepositoryRoot(), 'dist/web'), folder, { recursive: true });
    stage = await startWebStage({ webFolder: folder });
  });
  afterAll(async () => {
    await endWebStage(stage);
    await rm(folder, { recursive: true, force: true });
  });

  test('notifications are asked for by a button, tell of new messages, and respect mutes', async () => {
    const ann = await stage.open(await stage.world.user('Ann'));
    await ann.context.addInitScript(NOTE_NOTIFICATIONS);
    await ann.page.reload();
    await ann.logIn();
    const [bob, carl] = [await stage.world.user('Bob'), await stage.world.user('Carl')];
    await ann.go('settings/notifications');
    await ann.page.getByRole('button', { name: 'Show notifications' }).click();
    await ann.page.getByText('Notifications are shown.').waitFor();
    await ann.page.evaluate('document.hasFocus = () => false');
    await bob.send(ann.actor, 'wake up');
    await expect.poll(() => ann.page.evaluate('window.noted')).toEqual(['Bob: wake up']);
    await ann.page.getByRole('switch', { name: 'Private chats' }).click();
    await ann.page.getByRole('switch', { name: 'Private chats', checked: false }).waitFor();
    await carl.send(ann.actor, 'are you asleep?');
    await ann.go('');
    await expect.poll(() => ann.row('Carl')).toMatch(/^Carl, muted/);
    expect(await ann.page.evaluate('window.noted')).toEqual(['Bob: wake up']);
    await ann.sameAfterReload();
  });

  test('two tabs of one browser show the same; without shared workers, one of them works at a time', async () => {
    const ann = await stage.person('Ann');
    const bob = await stage.world.user('Bob');
    const second = await ann.context.newPage();
    await second.goto(ann.page.url());
    await bob.send(ann.actor, 'hello both');
    for (const page of [ann.page, second]) await page.getByRole('link', { name: /^Bob.*hello both, 1 unread/ }).waitFor();
    await second.close();

    await ann.context.addInitScript('delete window.SharedWorker');
    await ann.page.reload();
    await ann.chat('Bob').waitFor();
    const third = await ann.context.newPage();
    await third.goto(ann.page.url());
    await third.getByRole('heading', { name: 'Open in another tab' }).waitFor();
    await third.getByRole('button', { name: 'Use it here' }).click();
    await third.getByRole('link', { name: /^Bob/ }).waitFor();
    await ann.page.getByRole('heading', { name: 'Open in another tab' }).waitFor();
    await bob.send(ann.actor, 'hello one');
    await third.getByRole('link', { name: /^Bob.*hello one, 2 unread/ }).waitFor();
    await third.close();
    await ann.page.reload();
    await ann.sameAfterReload();
  });

  test('what happened while the connection was lost arrives when it is back', async () => {
    await using wire = await layWire(stage.server.info.http.port);
    const [annActor, bob] = [await stage.world.user('Ann'), await stage.world.user('Bob')];
    await bob.send(annActor, 'before');
    const ann = await stage.open(annActor, 'desk', wire.port);
    await ann.logIn();
    await ann.open(bob);
    await ann.message('before').waitFor();
    wire.cut();
    await ann.page.getByRole('status').getByText('Connecting…').waitFor();
    // A server that comes back knows nothing of the session, so it has nothing to repeat to it.
    await stage.server.restart();
    await bob.send(annActor, 'meanwhile');
    wire.mend();
    await ann.message('meanwhile').waitFor();
    await ann.sameAfterReload();
  });

  test('what is read and written in one tab is read and written in the other, and log-out ends both', async () => {
    const ann = await stage.person('Ann');
    const bob = await stage.world.user('Bob');
    const second = await ann.context.newPage();
    await second.goto(ann.page.url());
    await bob.send(ann.actor, 'hello both');
    await expect.poll(() => ann.row('Bob')).toMatch(/hello both, 1 unread$/);
    await second.getByRole('link', { name: /^Bob/ }).click();
    await expect.poll(() => ann.row('Bob')).toMatch(/hello both$/);
    await second.getByRole('textbox', { name: 'Message', exact: true }).click();
    await second.keyboard.insertText('from the second tab');
    await second.keyboard.press('Enter');
    await bob.sees('from the second tab');
    await ann.open(bob);
    await ann.message('from the second tab').getByRole('img', { name: 'Sent' }).waitFor();

    expect(await second.evaluate(COUNT_ROWS)).toBeGreaterThan(0);
    // On a phone the list is behind the chat.
    await second.goto(`${ann.page.url().replace(/#.*/, '')}#/`);
    await second.getByRole('button', { name: 'Menu' }).click();
    await second.getByRole('menuitem', { name: 'Log out' }).click();
    await second.getByRole('dialog', { name: 'Log out' }).getByRole('button', { name: 'Log out' }).click();
    for (const page of [ann.page, second]) await page.getByRole('heading', { name: 'Log in' }).waitFor();
    expect(await ann.page.evaluate(COUNT_ROWS)).toBe(0);
    expect((await ann.actor.main.call({ _: 'account.getAuthorizations' })).authorizations).toHaveLength(1);
  });

  test('a server that came back with a newer client offers to load it', async () => {
    const ann = await stage.person('Ann', 'phone');
    await ann.open(ann.actor);
    await writeFile(join(folder, 'build.txt'), 'another build');
    // A phone that shows a chat only says so too.
    const told = ann.page.getByRole('status').getByText(/^(?:Connecting|Updating)…$/).waitFor();
    await stage.server.restart();
    await told;
    await ann.page.getByText('This server has a newer version of the page.').waitFor();
    await ann.page.getByRole('button', { name: 'Reload' }).waitFor();
    ann.problems.length = 0;
  });
});
