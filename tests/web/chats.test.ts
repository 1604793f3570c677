import { Long, type tl } from '@mtcute/node';
import type { Actor } from '@aerogram/dev-env';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endWebStage, hasChromium, startWebStage, type WebPerson, type WebStage } from './stage.ts';

/** Opens the menu of a chat by the keyboard and chooses a line. */
async function choose(person: WebPerson, title: string, line: string): Promise<void> {
  await person.chat(title).focus();
  await person.page.keyboard.press('Shift+F10');
  await person.page.getByRole('menuitem', { name: line, exact: true }).click();
}

/** The titles in the list of chats, from top to bottom. */
async function titles(person: WebPerson): Promise<string[]> {
  return await person.page.evaluate<string[]>("Array.from(document.querySelectorAll('ul[aria-label=Chats] a'), (link) => link.querySelector('bdi').textContent)");
}

/** Drags a chat to the place of another one by the mouse. */
async function drag(person: WebPerson, title: string, to: string): Promise<void> {
  const { mouse } = person.page;
  // Waits until rows that have changed places stand still.
  for (const name of [to, title]) await person.chat(name).hover({ position: { x: 100, y: 30 } });
  const target = (await person.chat(to).boundingBox())!;
  await mouse.down();
  await mouse.move(target.x + 100, target.y + 30, { steps: 4 });
  await mouse.up();
}

const isOf = (input: tl.TypeInputPeer, { id }: Actor): boolean => input._ === 'inputPeerUser' && input.userId === id;
const isAbout = (dialog: tl.TypeDialogPeer, { id }: Actor): boolean => dialog._ === 'dialogPeer' && dialog.peer._ === 'peerUser' && dialog.peer.userId === id;

/** Lets a window be looked at, or not. */
const setHidden = (person: WebPerson, isHidden: boolean): Promise<unknown> =>
  person.page.evaluate(`Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true }); document.dispatchEvent(new Event('visibilitychange'))`);

describe.skipIf(!hasChromium)('the list of chats in the web client', () => {
  let stage: WebStage;
  beforeAll(async () => {
    stage = await startWebStage();
  });
  afterAll(() => endWebStage(stage));

  test('pins, mutes, marks as unread, archives and deletes; the other device sees it', async () => {
    const ann = await stage.person('Ann');
    const [bob, carl, dora] = [await stage.world.user('Bob'), await stage.world.user('Carl'), await stage.world.user('Dora')];
    for (const other of [bob, carl, dora]) await other.send(ann.actor, `hello from ${other.name}`);
    await expect.poll(() => titles(ann)).toEqual(['Dora', 'Carl', 'Bob']);

    await choose(ann, 'Bob', 'Pin');
    await expect.poll(() => titles(ann)).toEqual(['Bob', 'Dora', 'Carl']);
    await choose(ann, 'Bob', 'Mark as read');
    await expect.poll(() => ann.row('Bob')).toMatch(/^Bob, pinned .* hello from Bob$/);
    await choose(ann, 'Bob', 'Mark as unread');
    await expect.poll(() => ann.row('Bob')).toMatch(/, 1 unread$/);
    await choose(ann, 'Carl', 'Mute');
    await ann.dialog('Mute').getByRole('button', { name: 'For 2 days' }).click();
    await expect.poll(() => ann.row('Carl')).toMatch(/^Carl, muted /);
    await choose(ann, 'Dora', 'Archive');
    await expect.poll(() => titles(ann)).toEqual(['Bob', 'Carl']);
    await ann.page.getByRole('link', { name: /^Archive .*1 chat/ }).click();
    await expect.poll(() => titles(ann)).toEqual(['Dora']);
    await ann.page.getByRole('link', { name: 'Back' }).click();

    const answer = await ann.actor.main.call({ _: 'messages.getDialogs', offsetDate: 0, offsetId: 0, offsetPeer: { _: 'inputPeerEmpty' }, limit: 10, hash: Long.ZERO });
    const dialogs = 'dialogs' in answer ? answer.dialogs : [];
    const rows = new Map(dialogs.flatMap((dialog) => (dialog._ === 'dialog' && dialog.peer._ === 'peerUser' ? [[dialog.peer.userId, dialog] as const] : [])));
    expect(rows.get(bob.id)).toMatchObject({ pinned: true, unreadMark: true });
    expect(Math.abs(rows.get(carl.id)!.notifySettings.muteUntil! - Date.now() / 1000 - 2 * 86_400)).toBeLessThan(120);
    expect(rows.get(dora.id)).toMatchObject({ folderId: 1 });

    await choose(ann, 'Carl', 'Delete chat');
    await ann.page.getByRole('checkbox', { name: 'Also delete for Carl' }).check();
    await ann.page.getByRole('dialog').getByRole('button', { name: 'Delete chat' }).click();
    await carl.seesGone('hello from Carl');
    await expect.poll(() => titles(ann)).toEqual(['Bob']);
    await ann.open(bob);
    await ann.choose('hello from Bob', 'Forward');
    await ann.dialog('Forward to').getByRole('checkbox', { name: 'Dora' }).waitFor();
    await ann.page.keyboard.press('Escape');
    await ann.composer.click();
    await ann.page.keyboard.insertText('unfinished');
    await ann.actor.main.seesUpdate('updateDraftMessage', ({ draft }) => draft._ === 'draftMessage' && draft.message === 'unfinished');
    if (await ann.chats.isVisible()) expect(await ann.row('Bob')).toMatch(/hello from Bob$/);
    await ann.go('');
    await expect.poll(() => ann.row('Bob')).toMatch(/Draft:? unfinished/);
    await ann.sameAfterReload();
  });

  test('unread count, folders and archive are there after a reload of the only tab', async () => {
    const ann = await stage.person('Ann');
    const [bob, carl] = [await stage.world.user('Bob'), await stage.world.user('Carl')];
    await carl.send(ann.actor, 'old news');
    await bob.send(ann.actor, 'one');
    await bob.send(ann.actor, 'two');
    await choose(ann, 'Carl', 'Archive');
    const filter: tl.TypeDialogFilter = { _: 'dialogFilter', id: 2, title: { _: 'textWithEntities', text: 'Work', entities: [] }, pinnedPeers: [], includePeers: [ann.actor.main.inputPeer(bob.id)], excludePeers: [] };
    await ann.actor.main.call({ _: 'messages.updateDialogFilter', id: 2, filter });
    const seesAll = async (count: number): Promise<void> => {
      await expect.poll(() => ann.page.title(), { timeout: 15_000 }).toBe(`(${count}) Aerogram`);
      await ann.page.getByRole('navigation', { name: 'Folders' }).getByRole('tab', { name: 'Work, 1 unread' }).waitFor();
      await ann.page.getByRole('link', { name: /^Archive .*1 chat/ }).waitFor();
    };
    await seesAll(2);
    await ann.page.reload();
    await seesAll(2);
    await bob.send(ann.actor, 'three');
    await seesAll(3);
    await ann.sameAfterReload();
    await seesAll(3);
  });

  test('a chat that the account does not know says so, until it is known (phone)', async () => {
    const [ann, bob] = [await stage.person('Ann', 'phone'), await stage.world.user('Bob')];
    const unknown = ann.page.getByRole('main', { name: 'Unknown chat' });
    await ann.go(`chat/${bob.id}`);
    await unknown.getByText('There is no such chat').waitFor();
    expect(await ann.page.getByText('You cannot write here.').count()).toBe(0);
    await bob.send(ann.actor, 'now you know me');
    await ann.message('now you know me').waitFor();
    await ann.composer.waitFor();
    await ann.go('chat/9007199254740991');
    await unknown.getByText('There is no such chat').waitFor();
    // In a large window the list of chats is beside the chat, and nothing leads back to it.
    if (!(await ann.chats.isVisible())) await unknown.getByRole('link', { name: 'Back' }).click();
    await ann.chat('Bob').waitFor();
    await ann.sameAfterReload();
  });

  test('folders are tabs with what is unread in them, made and changed by another device', async () => {
    const ann = await stage.person('Ann', 'phone');
    const [bob, carl] = [await stage.world.user('Bob'), await stage.world.user('Carl')];
    await bob.send(ann.actor, 'about work');
    await carl.send(ann.actor, 'about the weekend');
    await ann.actor.sees('about the weekend');
    const folder = (excludePeers: tl.TypeInputPeer[]): tl.TypeDialogFilter => ({
      _: 'dialogFilter',
      id: 2,
      title: { _: 'textWithEntities', text: 'Friends', entities: [] },
      contacts: true,
      pinnedPeers: [],
      includePeers: [],
      excludePeers,
    });
    await ann.actor.main.call({ _: 'messages.updateDialogFilter', id: 2, filter: folder([]) });
    const tabs = ann.page.getByRole('navigation', { name: 'Folders' });
    await tabs.getByRole('tab', { name: 'Friends', exact: true }).waitFor();
    await ann.actor.main.call({ _: 'contacts.addContact', id: ann.actor.main.inputUser(carl.id), firstName: 'Carl', lastName: '', phone: '' });
    await tabs.getByRole('tab', { name: 'Friends, 1 unread' }).click();
    await expect.poll(() => titles(ann)).toEqual(['Carl']);
    await ann.page.keyboard.press('ArrowLeft');
    await expect.poll(() => titles(ann)).toEqual(['Carl', 'Bob']);
    await ann.page.keyboard.press('ArrowRight');
    await ann.actor.main.call({ _: 'messages.updateDialogFilter', id: 2, filter: folder([ann.actor.main.inputPeer(carl.id)]) });
    await ann.page.getByText('No chats in this folder').waitFor();
    await ann.actor.main.call({ _: 'messages.updateDialogFilter', id: 2 });
    await expect.poll(() => titles(ann)).toEqual(['Carl', 'Bob']);
    await ann.sameAfterReload();
  });

  test('somebody makes a folder, changes, orders, shares and deletes it (phone)', async () => {
    const ann = await stage.person('Ann', 'phone');
    const [bob, carl] = [await stage.world.user('Bob'), await stage.world.user('Carl')];
    for (const other of [bob, carl]) await other.send(ann.actor, `hello from ${other.name}`);
    const made = await ann.actor.main.change({ _: 'channels.createChannel', title: 'Sailors', about: '', megagroup: true });
    const sailors = made._ === 'updates' ? -1_000_000_000_000 - made.chats[0]!.id : 0;
    const { page } = ann;
    const filters = async (): Promise<(tl.RawDialogFilter | tl.RawDialogFilterChatlist)[]> => (await ann.actor.main.call({ _: 'messages.getDialogFilters' })).filters.filter((each) => each._ !== 'dialogFilterDefault');
    await ann.go('settings/folders');
    await page.getByText('No folders yet.').waitFor();
    await page.getByRole('link', { name: 'New folder' }).click();
    await page.getByRole('textbox', { name: 'Folder name' }).fill('Friends');
    expect(await page.getByRole('button', { name: 'Create folder' }).isDisabled()).toBe(true);
    await page.getByRole('checkbox', { name: 'Groups' }).check();
    await page.getByRole('button', { name: 'Add chats' }).click();
    await ann.dialog('Add chats').getByRole('checkbox', { name: 'Bob' }).check();
    await ann.dialog('Add chats').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Create folder' }).click();
    await page.getByRole('list', { name: 'Folders' }).getByRole('link', { name: 'Friends' }).waitFor();
    expect(await filters()).toMatchObject([{ id: 2, title: { text: 'Friends' }, groups: true, contacts: false, includePeers: [{ userId: bob.id }], excludePeers: [] }]);

    await ann.goToList();
    await page.getByRole('tab', { name: /^Friends/ }).click();
    await ann.chat('Sailors').waitFor();
    expect(await ann.chat('Carl').count()).toBe(0);
    await page.getByRole('tab', { name: /^All\b/ }).click();
    await ann.chat('Carl').focus();
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Add to folder' }).click();
    await ann.dialog('Add to folder').getByRole('checkbox', { name: 'Friends' }).check();
    await expect.poll(async () => (await filters())[0]!.includePeers.length).toBe(2);
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: /^Friends/ }).focus();
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Mark as read' }).click();
    await expect.poll(() => ann.unread()).toBe(0);
    const mutes = (): Promise<boolean[]> =>
      Promise.all([bob.id, carl.id, sailors].map(async (peer) => ((await ann.actor.main.call({ _: 'account.getNotifySettings', peer: { _: 'inputNotifyPeer', peer: ann.actor.main.inputPeer(peer) } })).muteUntil ?? 0) > Date.now() / 1000));
    for (const isMuted of [true, false]) {
      await page.getByRole('tab', { name: /^Friends/ }).focus();
      await page.keyboard.press('Shift+F10');
      await page.getByRole('menuitem', { name: isMuted ? 'Mute all' : 'Unmute all' }).click();
      await expect.poll(mutes).toEqual([isMuted, isMuted, isMuted]);
    }

    await ann.go('settings/folders/new');
    await page.getByRole('textbox', { name: 'Folder name' }).fill('Boats');
    await page.getByRole('button', { name: 'Add chats' }).click();
    await ann.dialog('Add chats').getByRole('checkbox', { name: 'Sailors' }).check();
    await ann.dialog('Add chats').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Create folder' }).click();
    await page.getByRole('list', { name: 'Folders' }).getByRole('button', { name: 'Move up' }).last().click();
    await expect.poll(async () => (await filters()).map(({ title }) => title.text)).toEqual(['Boats', 'Friends']);
    await page.getByRole('link', { name: 'Boats' }).click();
    await page.getByRole('button', { name: 'Share folder' }).click();
    await expect.poll(async () => (await filters())[0]).toMatchObject({ _: 'dialogFilterChatlist', includePeers: [{ channelId: -1_000_000_000_000 - sailors }] });
    expect((await ann.actor.main.call({ _: 'chatlists.getExportedInvites', chatlist: { _: 'inputChatlistDialogFilter', filterId: 3 } })).invites).toHaveLength(1);
    await page.getByRole('button', { name: 'Delete folder' }).click();
    await ann.dialog('Delete folder').getByRole('button', { name: 'Delete folder' }).click();
    await expect.poll(async () => (await filters()).map(({ title }) => title.text)).toEqual(['Friends']);
    await ann.goToList();
    await ann.sameAfterReload();
  });

  test('pinned chats are put into order by menu and mouse, in the list and in a folder, and by another device', async () => {
    const ann = await stage.person('Ann');
    const [bob, carl, dora] = [await stage.world.user('Bob'), await stage.world.user('Carl'), await stage.world.user('Dora')];
    for (const other of [bob, carl, dora]) await other.send(ann.actor, 'hello');
    const input = (person: Actor): tl.TypeInputPeer => ann.actor.main.inputPeer(person.id);
    for (const name of ['Carl', 'Bob']) await choose(ann, name, 'Pin');
    await expect.poll(() => titles(ann)).toEqual(['Bob', 'Carl', 'Dora']);
    await choose(ann, 'Bob', 'Move down');
    await expect.poll(() => titles(ann)).toEqual(['Carl', 'Bob', 'Dora']);
    await ann.actor.main.seesUpdate('updatePinnedDialogs', ({ order }) => order?.length === 2 && isAbout(order[0]!, carl));
    await drag(ann, 'Bob', 'Carl');
    await expect.poll(() => titles(ann)).toEqual(['Bob', 'Carl', 'Dora']);
    await ann.actor.main.seesUpdate('updatePinnedDialogs', ({ order }) => order?.length === 2 && isAbout(order[0]!, bob));
    await ann.actor.main.call({ _: 'messages.reorderPinnedDialogs', folderId: 0, order: [dora, bob].map((other) => ({ _: 'inputDialogPeer', peer: input(other) })) });
    await expect.poll(() => titles(ann)).toEqual(['Dora', 'Bob', 'Carl']);

    const folder: tl.RawDialogFilter = { _: 'dialogFilter', id: 2, emoticon: '🐈', title: { _: 'textWithEntities', text: 'Cats', entities: [] }, pinnedPeers: [input(carl)], includePeers: [input(bob)], excludePeers: [] };
    await ann.actor.main.call({ _: 'messages.updateDialogFilter', id: 2, filter: folder });
    await ann.page.getByRole('tab', { name: /^Cats/ }).click();
    await expect.poll(() => titles(ann)).toEqual(['Carl', 'Bob']);
    await choose(ann, 'Bob', 'Pin');
    await expect.poll(() => titles(ann)).toEqual(['Bob', 'Carl']);
    await drag(ann, 'Carl', 'Bob');
    await expect.poll(() => titles(ann)).toEqual(['Carl', 'Bob']);
    await ann.actor.main.seesUpdate('updateDialogFilter', ({ filter }) => filter?._ === 'dialogFilter' && filter.emoticon === '🐈' && filter.pinnedPeers.length === 2 && isOf(filter.pinnedPeers[0]!, carl));
    await choose(ann, 'Carl', 'Unpin');
    await expect.poll(() => titles(ann)).toEqual(['Bob', 'Carl']);
    await ann.page.getByRole('tab', { name: /^All/ }).click();
    await expect.poll(() => titles(ann)).toEqual(['Dora', 'Bob', 'Carl']);
    await ann.sameAfterReload();
  });

  test('the arrow keys go through the list, and the title of the window counts', async () => {
    const ann = await stage.person('Ann');
    const [bob, carl] = [await stage.world.user('Bob'), await stage.world.user('Carl')];
    await bob.send(ann.actor, 'one');
    await bob.send(ann.actor, 'two');
    await carl.send(ann.actor, 'three');
    await expect.poll(() => ann.page.title()).toBe('(3) Aerogram');
    // A mute for a moment: what it changes comes back by itself.
    const peer: tl.TypeInputNotifyPeer = { _: 'inputNotifyPeer', peer: ann.actor.main.inputPeer(bob.id) };
    await ann.actor.main.call({ _: 'account.updateNotifySettings', peer, settings: { _: 'inputPeerNotifySettings', muteUntil: Math.ceil(Date.now() / 1000) + 3 } });
    await expect.poll(() => ann.page.title()).toBe('(1) Aerogram');
    await expect.poll(() => ann.page.title(), { timeout: 10_000 }).toBe('(3) Aerogram');
    await expect.poll(() => ann.row('Bob')).not.toMatch(/muted/);
    await ann.chat('Carl').focus();
    await ann.page.keyboard.press('ArrowDown');
    await expect.poll(() => ann.page.evaluate('document.activeElement.querySelector("bdi").textContent')).toBe('Bob');
    await ann.page.keyboard.press('Enter');
    await ann.message('two').waitFor();
    await expect.poll(() => ann.page.title()).toBe('(1) Aerogram');
    await bob.type(ann.actor);
    await ann.page.getByRole('main', { name: 'Bob' }).getByText('typing…').waitFor();
    await bob.send(ann.actor, 'four');
    await ann.message('four').waitFor();
    await ann.sameAfterReload();
  });

  test('a window that is looked at shows its person online', async () => {
    const bob = await stage.world.user('Bob');
    const ann = await stage.person('Ann');
    await bob.send(ann.actor, 'are you there?');
    await bob.main.call({ _: 'users.getUsers', id: [bob.main.inputUser(ann.actor.id)] });
    await setHidden(ann, true);
    await bob.main.seesUpdate('updateUserStatus', ({ userId, status }) => userId === ann.actor.id && status._ === 'userStatusOffline');
    await setHidden(ann, false);
    await bob.main.seesUpdate('updateUserStatus', ({ userId, status }) => userId === ann.actor.id && status._ === 'userStatusOnline');
  });
});
