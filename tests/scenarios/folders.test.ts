import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyUpdates, type Device } from '@aerogram/dev-env';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** A folder with only the given fields. */
function folder(id: number, title: string, rest: Partial<tl.RawDialogFilter> = {}): tl.RawDialogFilter {
  return { _: 'dialogFilter', id, title: { _: 'textWithEntities', text: title, entities: [] }, pinnedPeers: [], includePeers: [], excludePeers: [], ...rest };
}

/** The dialogs of the main list (0), the archive (1), or both. */
async function listDialogs(device: Device, folderId?: number): Promise<tl.TypeDialog[]> {
  const answer = await device.call({
    _: 'messages.getDialogs', offsetDate: 0, offsetId: 0, offsetPeer: { _: 'inputPeerEmpty' }, limit: 100, hash: Long.ZERO,
    ...(folderId === undefined ? {} : { folderId }),
  });
  if (answer._ === 'messages.dialogsNotModified') throw new Error('not modified');
  const tops = new Set(answer.messages.map((message) => message.id));
  for (const dialog of answer.dialogs) expect(tops.has(dialog.topMessage)).toBe(true);
  return answer.dialogs;
}

test('folders are created, changed, ordered and removed, and every device learns it', async () => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  const tablet = await alice.device();
  const listed = async (): Promise<(number | string)[]> =>
    (await tablet.call({ _: 'messages.getDialogFilters' })).filters.map((filter) => (filter._ === 'dialogFilterDefault' ? 'all' : filter.id));
  expect(await listed()).toEqual(['all']);
  const suggested = await alice.main.call({ _: 'messages.getSuggestedDialogFilters' });
  expect(suggested.map(({ filter }) => filter._ === 'dialogFilter' && filter.title.text)).toEqual(['Unread', 'Personal']);

  const work = folder(2, ' Work ', { includePeers: [alice.main.inputPeer(bob.id)], pinnedPeers: [{ _: 'inputPeerSelf' }] });
  await alice.main.call({ _: 'messages.updateDialogFilter', id: 2, filter: work });
  const pushed = await tablet.seesUpdate('updateDialogFilter', (update) => update.id === 2);
  expect(pushed.filter).toMatchObject({ title: { text: 'Work' }, includePeers: [{ userId: bob.id }], pinnedPeers: [{ _: 'inputPeerUser', userId: alice.id }] });
  await alice.main.call({ _: 'messages.updateDialogFilter', id: 7, filter: folder(7, 'Personal', { contacts: true, nonContacts: true }) });
  expect(await listed()).toEqual(['all', 2, 7]);
  expect(await alice.main.call({ _: 'messages.getSuggestedDialogFilters' })).toHaveLength(1);

  await alice.main.call({ _: 'messages.updateDialogFiltersOrder', order: [7, 0] });
  expect((await tablet.seesUpdate('updateDialogFilterOrder')).order).toEqual([7, 0, 2]);
  expect(await listed()).toEqual([7, 'all', 2]);
  await alice.main.call({ _: 'messages.toggleDialogFilterTags', enabled: true });
  await tablet.seesUpdate('updateDialogFilters');
  expect((await tablet.call({ _: 'messages.getDialogFilters' })).tagsEnabled).toBe(true);

  await alice.main.call({ _: 'messages.updateDialogFilter', id: 2 });
  await tablet.seesUpdate('updateDialogFilter', (update) => update.id === 2 && update.filter === undefined);
  expect(await listed()).toEqual([7, 'all']);
});

test('invalid folders are refused', async () => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  const fails = (id: number, filter: tl.TypeDialogFilter): Promise<{ code: number; text: string }> =>
    alice.main.fails({ _: 'messages.updateDialogFilter', id, filter });
  expect(await fails(1, folder(1, 'One', { contacts: true }))).toEqual({ code: 400, text: 'FILTER_ID_INVALID' });
  expect(await fails(256, folder(256, 'Many', { contacts: true }))).toEqual({ code: 400, text: 'FILTER_ID_INVALID' });
  expect(await fails(2, folder(2, '  ', { contacts: true }))).toEqual({ code: 400, text: 'FILTER_TITLE_EMPTY' });
  expect(await fails(2, folder(2, 'Empty'))).toEqual({ code: 400, text: 'FILTER_INCLUDE_EMPTY' });
  expect(await fails(2, folder(2, 'Much too long a name', { contacts: true }))).toEqual({ code: 400, text: 'INPUT_FILTER_INVALID' });
  const foreign: tl.TypeInputPeer = { _: 'inputPeerUser', userId: bob.id, accessHash: Long.fromNumber(1) };
  expect(await fails(2, folder(2, 'Foreign', { includePeers: [foreign] }))).toEqual({ code: 400, text: 'PEER_ID_INVALID' });
  for (let id = 2; id < 12; id++) await alice.main.call({ _: 'messages.updateDialogFilter', id, filter: folder(id, `F${id}`, { contacts: true }) });
  expect(await fails(12, folder(12, 'Eleventh', { contacts: true }))).toEqual({ code: 400, text: 'INPUT_FILTER_INVALID' });
  expect(await alice.main.fails({ _: 'messages.updateDialogFiltersOrder', order: [99] })).toEqual({ code: 400, text: 'FILTER_ID_INVALID' });
});

test('archived dialogs leave the main list, where the archive is one entry', async () => {
  const [alice, bob, carol] = [await scenario.world.user('Alice'), await scenario.world.user('Bob'), await scenario.world.user('Carol')];
  const tablet = await alice.device();
  await alice.send(bob, 'to Bob');
  await carol.send(alice, 'from Carol');
  await alice.sees('from Carol');
  await alice.meet(carol);
  const peerOf = (id: number): tl.TypeInputPeer => alice.main.inputPeer(id);
  const { pts } = alice.main.state;
  await verifyUpdates([alice], async () => {
    const folderPeers = [{ _: 'inputFolderPeer' as const, peer: peerOf(carol.id), folderId: 1 }];
    const answer = await alice.main.change({ _: 'folders.editPeerFolders', folderPeers });
    expect(answer).toMatchObject({ updates: [{ _: 'updateFolderPeers', pts, ptsCount: 0 }] });
    await tablet.seesUpdate('updateFolderPeers', (update) => update.folderPeers[0]?.folderId === 1);
    expect(await alice.main.change({ _: 'folders.editPeerFolders', folderPeers })).toMatchObject({ updates: [] });
  });
  expect(alice.main.state.pts).toBe(pts);
  const list = await listDialogs(alice.main, 0);
  expect(list.map((dialog) => dialog._)).toEqual(['dialogFolder', 'dialog', ...list.slice(2).map(() => 'dialog')]);
  expect(list[0]).toMatchObject({ peer: { userId: carol.id }, unreadUnmutedPeersCount: 1, unreadUnmutedMessagesCount: 1, unreadMutedPeersCount: 0 });
  expect(list.slice(1).some((dialog) => dialog.peer._ === 'peerUser' && dialog.peer.userId === carol.id)).toBe(false);
  expect(await listDialogs(alice.main, 1)).toMatchObject([{ _: 'dialog', folderId: 1, peer: { userId: carol.id } }]);
  expect((await listDialogs(alice.main)).every((dialog) => dialog._ === 'dialog')).toBe(true);

  await alice.main.call({ _: 'messages.toggleDialogPin', pinned: true, peer: { _: 'inputDialogPeer', peer: peerOf(carol.id) } });
  await tablet.seesUpdate('updateDialogPinned', (update) => update.folderId === 1);
  expect((await alice.main.call({ _: 'messages.getPinnedDialogs', folderId: 1 })).dialogs).toHaveLength(1);
  expect((await alice.main.call({ _: 'messages.getPinnedDialogs', folderId: 0 })).dialogs).toMatchObject([{ _: 'dialogFolder' }]);

  await alice.main.change({ _: 'folders.editPeerFolders', folderPeers: [{ _: 'inputFolderPeer', peer: peerOf(carol.id), folderId: 0 }] });
  expect(await listDialogs(alice.main, 1)).toEqual([]);
  const answer = alice.main.fails({ _: 'folders.editPeerFolders', folderPeers: [{ _: 'inputFolderPeer', peer: peerOf(bob.id), folderId: 2 }] });
  expect(await answer).toEqual({ code: 400, text: 'FOLDER_ID_INVALID' });
});

test('the archive is in the answer with the pinned dialogs, for clients that list the others without them', async () => {
  const [alice, bob, carol] = [await scenario.world.user('Alice'), await scenario.world.user('Bob'), await scenario.world.user('Carol')];
  await alice.send(bob, 'to Bob');
  await carol.send(alice, 'from Carol');
  const { id } = await alice.sees('from Carol');
  await alice.meet(carol);
  const getPinned = (folderId: number): Promise<tl.messages.RawPeerDialogs> => alice.main.call({ _: 'messages.getPinnedDialogs', folderId });
  const getArchive = (folderId = 1): Promise<tl.messages.RawPeerDialogs> =>
    alice.main.call({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeerFolder', folderId }, { _: 'inputDialogPeer', peer: alice.main.inputPeer(bob.id) }] });
  expect((await getPinned(0)).dialogs).toEqual([]);
  expect((await getArchive()).dialogs, 'an empty archive is no entry').toMatchObject([{ _: 'dialog', peer: { userId: bob.id } }]);

  await alice.main.change({ _: 'folders.editPeerFolders', folderPeers: [{ _: 'inputFolderPeer', peer: alice.main.inputPeer(carol.id), folderId: 1 }] });
  const archive = { _: 'dialogFolder', pinned: true, folder: { id: 1 }, peer: { userId: carol.id }, topMessage: id, unreadUnmutedPeersCount: 1 };
  const unpinned = await alice.main.call({
    _: 'messages.getDialogs', excludePinned: true, folderId: 0, offsetDate: 0, offsetId: 0, offsetPeer: { _: 'inputPeerEmpty' }, limit: 100, hash: Long.ZERO,
  });
  expect(unpinned._ === 'messages.dialogs' && unpinned.dialogs.some((dialog) => dialog._ === 'dialogFolder')).toBe(false);
  const pinned = await getPinned(0);
  expect(pinned).toMatchObject({ dialogs: [archive], messages: [{ id }] });
  expect(pinned.users.map((user) => user.id)).toContain(carol.id);
  expect((await getPinned(1)).dialogs).toEqual([]);
  expect(await getArchive()).toMatchObject({ dialogs: [archive, { _: 'dialog', peer: { userId: bob.id } }], messages: [{ id }, { message: 'to Bob' }] });
  await expect(getArchive(2)).rejects.toMatchObject({ text: 'FOLDER_ID_INVALID' });

  // Apps that show the archive among the pinned dialogs include it in their order.
  const peers: tl.TypeInputDialogPeer[] = [{ _: 'inputDialogPeerFolder', folderId: 1 }, { _: 'inputDialogPeer', peer: alice.main.inputPeer(bob.id) }];
  expect(await alice.main.call({ _: 'messages.reorderPinnedDialogs', force: true, folderId: 0, order: peers })).toBe(true);
  expect((await getPinned(0)).dialogs).toMatchObject([archive, { _: 'dialog', pinned: true, peer: { userId: bob.id } }]);
});
