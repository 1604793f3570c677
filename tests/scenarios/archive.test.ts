import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyUpdates, type Actor } from '@aerogram/dev-env';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const NOTIFY_USERS = { _: 'inputNotifyUsers' } as const;

/** Two users who wrote to each other; the first one has archived the chat. */
async function archived(): Promise<[Actor, Actor]> {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.send(bob, 'hello');
  await bob.sees('hello');
  await archive(alice, bob);
  return [alice, bob];
}

async function archive(owner: Actor, peer: Actor): Promise<void> {
  await owner.main.change({ _: 'folders.editPeerFolders', folderPeers: [{ _: 'inputFolderPeer', peer: owner.main.inputPeer(peer.id), folderId: 1 }] });
}

async function findFolder(owner: Actor, peer: Actor): Promise<number> {
  const { dialogs } = await owner.main.call({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer: owner.main.inputPeer(peer.id) }] });
  return (dialogs[0]?._ === 'dialog' ? dialogs[0].folderId : undefined) ?? 0;
}

async function mute(owner: Actor, peer: Actor, muteUntil: number): Promise<void> {
  const notify = { _: 'inputNotifyPeer' as const, peer: owner.main.inputPeer(peer.id) };
  await owner.main.call({ _: 'account.updateNotifySettings', peer: notify, settings: { _: 'inputPeerNotifySettings', muteUntil } });
}

test('a new message moves a chat out of the archive, on every device', async () => {
  const [alice, bob] = await archived();
  const tablet = await alice.device();
  await verifyUpdates([alice, bob], async () => {
    await alice.send(bob, 'own messages do not');
    expect(await findFolder(alice, bob)).toBe(1);
    await bob.send(alice, 'come back');
    for (const device of [alice.main, tablet]) {
      const update = await device.seesUpdate('updateFolderPeers', (one) => one.folderPeers[0]?.folderId === 0);
      expect(update).toMatchObject({ ptsCount: 0, folderPeers: [{ peer: { userId: bob.id } }] });
      await device.waitUntil('the position of it', () => device.state.pts >= update.pts);
    }
  });
  expect(await findFolder(alice, bob)).toBe(0);
});

test('a device that was offline learns this from the difference; a pin in the archive is lost', async () => {
  const [alice, bob] = await archived();
  const tablet = await alice.device();
  await alice.main.call({ _: 'messages.toggleDialogPin', pinned: true, peer: { _: 'inputDialogPeer', peer: alice.main.inputPeer(bob.id) } });
  await tablet.goOffline();
  await bob.send(alice, 'while you were away');
  await alice.main.seesUpdate('updateFolderPeers', (one) => one.folderPeers[0]?.folderId === 0);
  await tablet.goOnline();
  await tablet.catchUp();
  await tablet.seesUpdate('updateFolderPeers', (one) => one.folderPeers[0]?.folderId === 0);
  expect((await tablet.call({ _: 'messages.getPinnedDialogs', folderId: 1 })).dialogs).toEqual([]);
  expect((await tablet.call({ _: 'messages.getPinnedDialogs', folderId: 0 })).dialogs).toEqual([]);
});

test('a muted chat stays in the archive, also if all chats are muted', async () => {
  const [alice, bob] = await archived();
  await mute(alice, bob, 0x7fffffff);
  await bob.send(alice, 'one');
  await alice.sees('one');
  expect(await findFolder(alice, bob)).toBe(1);
  await mute(alice, bob, 1);
  await alice.main.call({ _: 'account.updateNotifySettings', peer: NOTIFY_USERS, settings: { _: 'inputPeerNotifySettings', muteUntil: 0x7fffffff } });
  await bob.send(alice, 'two');
  await alice.sees('two');
  expect(await findFolder(alice, bob), 'the setting of the chat counts, where it has one').toBe(0);
  const [carol, dave] = await archived();
  await carol.main.call({ _: 'account.updateNotifySettings', peer: NOTIFY_USERS, settings: { _: 'inputPeerNotifySettings', muteUntil: 0x7fffffff } });
  await dave.send(carol, 'three');
  await carol.sees('three');
  expect(await findFolder(carol, dave)).toBe(1);
});

test('a user can keep chats archived: all, or those in a folder', async () => {
  const [alice, bob] = await archived();
  const set = (settings: { keepArchivedUnmuted?: boolean; keepArchivedFolders?: boolean }): Promise<unknown> =>
    alice.main.call({ _: 'account.setGlobalPrivacySettings', settings: { _: 'globalPrivacySettings', ...settings } });
  await set({ keepArchivedUnmuted: true });
  await bob.send(alice, 'one');
  await alice.sees('one');
  expect(await findFolder(alice, bob)).toBe(1);

  await set({ keepArchivedFolders: true });
  const title = { _: 'textWithEntities' as const, text: 'Kept', entities: [] };
  const filter = { _: 'dialogFilter' as const, id: 2, title, pinnedPeers: [], includePeers: [alice.main.inputPeer(bob.id)], excludePeers: [] };
  await alice.main.call({ _: 'messages.updateDialogFilter', id: 2, filter });
  await bob.send(alice, 'two');
  await alice.sees('two');
  expect(await findFolder(alice, bob)).toBe(1);
  await alice.main.call({ _: 'messages.updateDialogFilter', id: 2 });
  await bob.send(alice, 'three');
  await alice.main.seesUpdate('updateFolderPeers', (one) => one.folderPeers[0]?.folderId === 0);
  expect(await findFolder(alice, bob)).toBe(0);
});

test('a service message moves a chat out of the archive like any message', async () => {
  const [alice, bob] = await archived();
  const seen = await bob.sees('hello');
  await bob.main.change({ _: 'messages.updatePinnedMessage', peer: bob.main.inputPeer(alice.id), id: seen.id });
  await alice.sees('action:messageActionPinMessage');
  await alice.main.seesUpdate('updateFolderPeers', (one) => one.folderPeers[0]?.folderId === 0);
  expect(await findFolder(alice, bob)).toBe(0);
});

test('an emptied chat is no longer pinned nor marked as unread, on every device', async () => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  const tablet = await alice.device();
  const sent = await alice.send(bob, 'hello');
  const peer = { _: 'inputDialogPeer' as const, peer: alice.main.inputPeer(bob.id) };
  await alice.main.call({ _: 'messages.toggleDialogPin', pinned: true, peer });
  await alice.main.call({ _: 'messages.markDialogUnread', unread: true, peer });
  await tablet.seesUpdate('updateDialogUnreadMark', (one) => one.unread === true);
  await alice.delete([sent]);
  for (const device of [alice.main, tablet]) {
    await device.seesUpdate('updatePinnedDialogs', (one) => one.order?.length === 0);
    await device.seesUpdate('updateDialogUnreadMark', (one) => one.unread !== true);
  }
});
