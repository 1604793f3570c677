import { Long } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyUpdates, type Actor } from '@aerogram/dev-env';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** The peers of the saved dialogs, pinned ones with a star. */
async function listSaved({ main }: Actor): Promise<string[]> {
  const answer = await main.call({ _: 'messages.getSavedDialogs', offsetDate: 0, offsetId: 0, offsetPeer: { _: 'inputPeerEmpty' }, limit: 10, hash: Long.ZERO });
  if (answer._ === 'messages.savedDialogsNotModified') throw new Error('not modified');
  const tops = new Set(answer.messages.map((message) => message.id));
  return answer.dialogs.map((dialog) => {
    expect(tops.has(dialog.topMessage)).toBe(true);
    const pinned = dialog._ === 'savedDialog' && dialog.pinned === true;
    return `${dialog.peer._ === 'peerUser' ? dialog.peer.userId : '?'}${pinned ? '*' : ''}`;
  });
}

test('Saved Messages are grouped by origin, and can be pinned, read and deleted', async () => {
  const [alice, bob, carol] = [await scenario.world.user('Alice'), await scenario.world.user('Bob'), await scenario.world.user('Carol')];
  const tablet = await alice.device();
  await alice.send(alice, 'own note');
  await bob.send(alice, 'from Bob');
  await carol.send(alice, 'from Carol');
  await alice.forward([await alice.sees('from Bob')], alice);
  await alice.forward([await alice.sees('from Carol')], alice);
  expect(await listSaved(alice)).toEqual([`${carol.id}`, `${bob.id}`, `${alice.id}`]);

  const peer = alice.main.inputPeer(bob.id);
  await alice.main.call({ _: 'messages.toggleSavedDialogPin', pinned: true, peer: { _: 'inputDialogPeer', peer } });
  await tablet.seesUpdate('updateSavedDialogPinned', (update) => update.pinned === true);
  await alice.main.call({ _: 'messages.reorderPinnedSavedDialogs', force: true, order: [{ _: 'inputDialogPeer', peer: { _: 'inputPeerSelf' } }, { _: 'inputDialogPeer', peer }] });
  expect((await tablet.seesUpdate('updatePinnedSavedDialogs', ({ order }) => order?.length === 2)).order).toHaveLength(2);
  expect(await listSaved(alice)).toEqual([`${alice.id}*`, `${bob.id}*`, `${carol.id}`]);
  expect((await alice.main.call({ _: 'messages.getPinnedSavedDialogs' }))).toMatchObject({ dialogs: [{ pinned: true }, { pinned: true }] });

  const history = await alice.main.call({ _: 'messages.getSavedHistory', peer, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: Long.ZERO });
  expect(history).toMatchObject({ _: 'messages.messages', messages: [{ message: 'from Bob', savedPeerId: { userId: bob.id } }] });

  await verifyUpdates([alice], async () => {
    const affected = await alice.main.call({ _: 'messages.deleteSavedHistory', peer, maxId: 0 });
    expect(affected).toMatchObject({ ptsCount: 1, offset: 0 });
  });
  expect(await listSaved(alice)).toEqual([`${alice.id}*`, `${carol.id}`]);
  const empty = { _: 'messages.toggleSavedDialogPin', pinned: true, peer: { _: 'inputDialogPeer', peer } } as const;
  expect(await alice.main.fails(empty)).toEqual({ code: 400, text: 'PEER_HISTORY_EMPTY' });
});

test('messages to oneself are read at once, on every device', async () => {
  const alice = await scenario.world.user('Alice');
  const bob = await scenario.world.user('Bob');
  await bob.send(alice, 'from Bob');
  const tablet = await alice.device();
  const findDialog = async (): Promise<unknown> =>
    (await alice.main.call({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer: { _: 'inputPeerSelf' } }] })).dialogs[0];
  await verifyUpdates([alice], async () => {
    const { pts } = alice.main.state;
    const { id } = await alice.send(alice, 'a note');
    expect(alice.main.state.pts, 'it has one pts, as any message').toBe(pts + 1);
    for (const device of [alice.main, tablet]) {
      const read = await device.seesUpdate('updateReadHistoryOutbox', ({ maxId }) => maxId === id);
      expect(read).toMatchObject({ peer: { userId: alice.id }, pts: pts + 1, ptsCount: 0 });
    }
    expect(await findDialog()).toMatchObject({ topMessage: id, readOutboxMaxId: id, unreadCount: 0 });
    await alice.forward([await alice.sees('from Bob')], alice);
    const [last] = [...alice.main.state.messages.keys()].toSorted((a, b) => b - a);
    await tablet.seesUpdate('updateReadHistoryOutbox', ({ maxId }) => maxId === last);
    expect(await findDialog()).toMatchObject({ topMessage: last, readOutboxMaxId: last });
  });
  // Each device has the same read mark, even one that never saw the message.
  await verifyUpdates([alice], async () => {
    await alice.delete([await alice.send(alice, 'a thought')]);
  });
  await tablet.goOffline();
  const { id } = await alice.send(alice, 'while the tablet is away');
  await tablet.goOnline();
  await tablet.catchUp();
  await tablet.seesUpdate('updateReadHistoryOutbox', ({ maxId }) => maxId === id);
});

test('a quote is part of the message, and the profile contains the chat’s settings', async () => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  const sent = await alice.send(bob, 'to be or not to be');
  const peer = alice.main.inputPeer(bob.id);
  const quoting = (quoteText: string) => ({
    _: 'messages.sendMessage' as const, peer, message: 'quoted', randomId: randomLong(),
    replyTo: { _: 'inputReplyToMessage' as const, replyToMsgId: sent.id, quoteText, quoteOffset: 0 },
  });
  expect(await alice.main.fails(quoting('that is the question'))).toEqual({ code: 400, text: 'QUOTE_TEXT_INVALID' });
  await alice.main.change(quoting('or not'));
  await bob.sees('quoted');

  await alice.main.change({ _: 'messages.updatePinnedMessage', peer, id: sent.id });
  await alice.main.change({ _: 'messages.sendMessage', peer, message: 'later', randomId: randomLong(), scheduleDate: Math.floor(Date.now() / 1000) + 3600 });
  await alice.main.change({ _: 'folders.editPeerFolders', folderPeers: [{ _: 'inputFolderPeer', peer, folderId: 1 }] });
  const { fullUser } = await alice.main.call({ _: 'users.getFullUser', id: alice.main.inputUser(bob.id) });
  expect(fullUser).toMatchObject({ pinnedMsgId: sent.id, folderId: 1, hasScheduled: true });
});
