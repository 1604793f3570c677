import { describe, expect, test } from 'vitest';
import type { Plain } from './driver-client.ts';
import { useLibraries } from './libraries.ts';
import { dialogOf, enterHousehold, isOld, leave, NO_HASH, peerOf, TURNS } from './people-of-libraries.ts';

const libraries = useLibraries();
const MUTED_UNTIL = 2 ** 31 - 1;

/** The dialogs of the main list (0) or the archive (1), without folders. */
async function listDialogs(client: { invoke: (method: string, args: Record<string, unknown>) => Promise<Plain> }, folder_id: number): Promise<Plain[]> {
  const answer = await client.invoke('messages.getDialogs', {
    folder_id, offset_date: 0, offset_id: 0, offset_peer: { _: 'inputPeerEmpty' }, limit: 100, hash: NO_HASH,
  });
  return (answer['dialogs'] as Plain[]).filter(({ _ }) => _ === 'dialog');
}

describe('the order and folders of dialogs set with one library are the same in another', () => {
  for (const turn of TURNS) {
    const [acts, sees] = turn;

    test(`${acts} pins, archives, marks, mutes and drafts, ${sees} sees`, async () => {
      const household = await enterHousehold(libraries, turn);
      const { alice, tablet, bob } = household;
      await bob.client.send({ peer: alice.id, text: 'hello' });
      await alice.client.seesMessage('hello');
      await alice.client.send({ peer: alice.id, text: 'note' });

      await alice.client.invoke('messages.toggleDialogPin', { pinned: true, peer: dialogOf(bob) });
      await tablet.client.seesUpdate('updateDialogPinned', { pinned: true });
      await alice.client.invoke('messages.toggleDialogPin', { pinned: true, peer: { _: 'inputDialogPeer', peer: { _: 'inputPeerSelf' } } });
      const pinned = await tablet.client.invoke('messages.getPinnedDialogs', { folder_id: 0 });
      expect(pinned).toMatchObject({ dialogs: [{ pinned: true, peer: { user_id: alice.id } }, { pinned: true, peer: { user_id: bob.id }, unread_count: 1 }] });
      await alice.client.invoke('messages.reorderPinnedDialogs', { force: true, folder_id: 0, order: [dialogOf(bob)] });
      await tablet.client.seesUpdate('updatePinnedDialogs');
      expect((await tablet.client.invoke('messages.getPinnedDialogs', { folder_id: 0 }))['dialogs']).toHaveLength(1);

      await alice.client.invoke('messages.markDialogUnread', { unread: true, peer: dialogOf(bob) });
      await tablet.client.seesUpdate('updateDialogUnreadMark', { unread: true });
      expect(await tablet.client.invoke('messages.getDialogUnreadMarks')).toMatchObject([{ peer: { user_id: bob.id } }]);

      await alice.client.invoke('messages.saveDraft', { peer: peerOf(bob), message: 'half a thought' });
      expect((await tablet.client.seesUpdate('updateDraftMessage'))['draft']).toMatchObject({ message: 'half a thought' });
      expect(await tablet.client.invoke('messages.getAllDrafts')).toMatchObject({ updates: [{ _: 'updateDraftMessage', peer: { user_id: bob.id } }] });

      await alice.client.invoke('folders.editPeerFolders', { folder_peers: [{ _: 'inputFolderPeer', peer: peerOf(bob), folder_id: 1 }] });
      expect((await tablet.client.seesUpdate('updateFolderPeers'))['folder_peers']).toMatchObject([{ folder_id: 1, peer: { user_id: bob.id } }]);
      expect(await listDialogs(tablet.client, 1)).toMatchObject([{ peer: { user_id: bob.id }, folder_id: 1, draft: { message: 'half a thought' } }]);
      expect((await listDialogs(tablet.client, 0)).some(({ peer }) => (peer as { user_id: number }).user_id === bob.id)).toBe(false);
      await leave(household);
    });

    test(`${acts} makes folders and mutes, ${sees} sees`, async () => {
      const household = await enterHousehold(libraries, turn);
      const { alice, tablet, bob } = household;
      const title = isOld(acts) ? 'Friends' : { _: 'textWithEntities', text: 'Friends', entities: [] };
      const seenTitle = isOld(sees) ? 'Friends' : { text: 'Friends' };
      const filter = { _: 'dialogFilter', id: 2, title, contacts: true, pinned_peers: [peerOf(bob)], include_peers: [], exclude_peers: [] };
      await alice.client.invoke('messages.updateDialogFilter', { id: 2, filter });
      const { filter: seen } = await tablet.client.seesUpdate('updateDialogFilter', { id: 2 });
      expect(seen).toMatchObject({ title: seenTitle, contacts: true, pinned_peers: [{ user_id: bob.id }] });
      const listed = await tablet.client.invoke('messages.getDialogFilters');
      expect(Array.isArray(listed) ? listed : listed['filters']).toMatchObject([{ _: 'dialogFilterDefault' }, { id: 2, title: seenTitle }]);
      await alice.client.invoke('messages.updateDialogFiltersOrder', { order: [2, 0] });
      await tablet.client.seesUpdate('updateDialogFilterOrder', { order: [2, 0] });
      await alice.client.invoke('messages.updateDialogFilter', { id: 2 });
      await tablet.client.sees('the folder to go', (event) => event.kind === 'update' && event.update._ === 'updateDialogFilter' && (event.update['filter'] ?? null) === null);

      const peer = { _: 'inputNotifyPeer', peer: peerOf(bob) };
      await alice.client.invoke('account.updateNotifySettings', { peer, settings: { _: 'inputPeerNotifySettings', mute_until: MUTED_UNTIL, silent: true } });
      expect((await tablet.client.seesUpdate('updateNotifySettings'))['notify_settings']).toMatchObject({ mute_until: MUTED_UNTIL, silent: true });
      expect(await tablet.client.invoke('account.getNotifySettings', { peer })).toMatchObject({ mute_until: MUTED_UNTIL });
      expect(await tablet.client.invoke('account.getNotifyExceptions')).toMatchObject({ updates: [{ peer: { peer: { user_id: bob.id } }, notify_settings: { mute_until: MUTED_UNTIL } }] });
      await alice.client.invoke('account.resetNotifySettings');
      expect((await tablet.client.invoke('account.getNotifyExceptions'))['updates']).toEqual([]);
      expect(await alice.client.invoke('messages.getPeerSettings', { peer: peerOf(bob) })).toMatchObject({ settings: { _: 'peerSettings' } });
      await leave(household);
    });

    test(`${acts} pins messages for both, ${sees} sees`, async () => {
      const household = await enterHousehold(libraries, turn);
      const { alice, tablet, bob } = household;
      const { id } = await alice.client.send({ peer: bob.id, text: 'to be pinned' });
      const theirs = await bob.client.seesMessage('to be pinned');
      await alice.client.invoke('messages.updatePinnedMessage', { peer: peerOf(bob), id });
      await tablet.client.seesUpdate('updatePinnedMessages', { messages: [id], pinned: true });
      await bob.client.seesUpdate('updatePinnedMessages', { messages: [theirs.id], pinned: true });
      await bob.client.sees('the notice of the pin', (event) => event.kind === 'message' && /^action:messageActionPinMessage$/i.test(event.text) && event.replyTo === theirs.id);
      await alice.client.invoke('messages.unpinAllMessages', { peer: peerOf(bob) });
      await bob.client.sees('the pin to go', (event) => event.kind === 'update' && event.update._ === 'updatePinnedMessages' && event.update['pinned'] !== true);
      await leave(household);
    });
  }
});
