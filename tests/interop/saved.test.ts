import { describe, expect, test } from 'vitest';
import type { DriverEvent, Plain } from './driver-client.ts';
import { useLibraries } from './libraries.ts';
import { dialogOf, enterHousehold, isOld, leave, NO_HASH, peerOf, TURNS } from './people-of-libraries.ts';

const libraries = useLibraries();

const WINDOW = { offset_id: 0, offset_date: 0, add_offset: 0, limit: 10, max_id: 0, min_id: 0, hash: NO_HASH };
const FIRE = { _: 'reactionEmoji', emoticon: '🔥' };

/** The origins of messages; the oldest layer does not have them. */
describe('Saved Messages have the same dialogs in every library that supports them', () => {
  for (const turn of TURNS.filter(([acts]) => !isOld(acts))) {
    const [acts, sees] = turn;
    test(`${acts} pins, reads and deletes, ${sees} is told`, async () => {
      const household = await enterHousehold(libraries, turn);
      const { alice, tablet, bob } = household;
      const reader = isOld(sees) ? alice : tablet;
      for (const text of ['worth keeping', 'to be dropped']) await bob.client.send({ peer: alice.id, text });
      const heard = [await alice.client.seesMessage('worth keeping'), await alice.client.seesMessage('to be dropped')];
      const own = await alice.client.send({ peer: alice.id, text: 'own note' });
      await alice.client.forward({ from: bob.id, ids: heard.map(({ id }) => id), to: alice.id });
      const self = { _: 'inputPeerSelf' };

      await alice.client.invoke('messages.toggleSavedDialogPin', { pinned: true, peer: dialogOf(bob) });
      await alice.client.invoke('messages.reorderPinnedSavedDialogs', { force: true, order: [{ _: 'inputDialogPeer', peer: self }, dialogOf(bob)] });
      if (!isOld(sees)) {
        await tablet.client.seesUpdate('updateSavedDialogPinned', { pinned: true });
        // The first pin also sent an order.
        await tablet.client.sees('both in their order', (event) => event.kind === 'update' && event.update._ === 'updatePinnedSavedDialogs' && (event.update['order'] as unknown[]).length === 2);
      }
      expect(await reader.client.invoke('messages.getPinnedSavedDialogs')).toMatchObject({ dialogs: [{ pinned: true, peer: { user_id: alice.id } }, { pinned: true, peer: { user_id: bob.id } }] });
      const fromBob = await reader.client.invoke('messages.getSavedHistory', { peer: peerOf(bob), ...WINDOW });
      expect(fromBob['messages']).toMatchObject([{ message: 'to be dropped', saved_peer_id: { user_id: bob.id } }, { message: 'worth keeping' }]);

      await alice.client.invoke('messages.sendReaction', { peer: self, msg_id: own.id, reaction: [FIRE] });
      await alice.client.invoke('messages.updateSavedReactionTag', { reaction: FIRE, title: 'urgent' });
      expect(await reader.client.invoke('messages.getSavedReactionTags', { hash: NO_HASH })).toMatchObject({ tags: [{ reaction: FIRE, title: 'urgent', count: 1 }] });
      const search = { peer: self, q: '', saved_reaction: [FIRE], filter: { _: 'inputMessagesFilterEmpty' }, min_date: 0, max_date: 0, ...WINDOW };
      expect((await reader.client.invoke('messages.search', search))['messages']).toMatchObject([{ message: 'own note' }]);

      expect(await alice.client.invoke('messages.deleteSavedHistory', { peer: peerOf(bob), max_id: 0 })).toMatchObject({ pts_count: 2, offset: 0 });
      const isGone = (event: DriverEvent): boolean => event.kind === 'delete' && event.ids.length === 2;
      await tablet.client.sees('the deletion', isGone);
      expect((await tablet.client.history({ peer: alice.id, limit: 5 })).map(({ text }) => text)).toEqual(['own note']);
      expect(((await alice.client.invoke('messages.getSavedDialogs', { offset_date: 0, offset_id: 0, offset_peer: { _: 'inputPeerEmpty' }, limit: 10, hash: NO_HASH }))['dialogs'] as Plain[])).toMatchObject([{ peer: { user_id: alice.id } }]);
      await leave(household);
    });
  }
});
