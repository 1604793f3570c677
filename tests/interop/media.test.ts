import { describe, expect, test } from 'vitest';
import type { DriverClient, Plain } from './driver-client.ts';
import { useLibraries } from './libraries.ts';
import { enterHousehold, getHistory, isOld, leave, NO_HASH, peerOf, randomId, TURNS, type Person } from './people-of-libraries.ts';

const libraries = useLibraries();
const DAY_S = 24 * 3600;

/** Media of the newest messages of a chat, oldest first. */
async function listMedia(client: DriverClient, peer: Person): Promise<Plain[]> {
  return (await getHistory(client, peer)).flatMap(({ media }) => (media as Plain | null | undefined) ?? []).toReversed();
}

describe('media sent with one library are the same in another', () => {
  for (const turn of TURNS) {
    const [acts, sees, other] = turn;

    test(`${acts} sends a place, a venue, a contact and a dice, ${other} sees them`, async () => {
      const household = await enterHousehold(libraries, turn);
      const { alice, tablet, bob } = household;
      const geo_point = { _: 'inputGeoPoint', lat: 59.9343, long: 30.3351 };
      const media = [
        { _: 'inputMediaGeoPoint', geo_point },
        { _: 'inputMediaVenue', geo_point, title: 'Café Lumière', address: 'Main St 1', provider: 'foursquare', venue_id: 'v1', venue_type: 'food' },
        { _: 'inputMediaContact', phone_number: bob.phone, first_name: 'Bob', last_name: '', vcard: '' },
        { _: 'inputMediaDice', emoticon: '🎲' },
      ];
      for (const one of media) await alice.client.invoke('messages.sendMedia', { peer: peerOf(bob), media: one, message: '', random_id: randomId() });
      await bob.client.sees('all of them', () => bob.client.events.filter(({ kind }) => kind === 'message').length === media.length);
      const geo = { lat: 59.9343, long: 30.3351 };
      const seen = [
        { _: 'messageMediaGeo', geo },
        { _: 'messageMediaVenue', geo, title: 'Café Lumière', venue_id: 'v1' },
        { _: 'messageMediaContact', phone_number: bob.phone, user_id: bob.id },
        { _: 'messageMediaDice', emoticon: '🎲' },
      ];
      const shown = await listMedia(bob.client, alice);
      expect(shown).toMatchObject(seen);
      expect((await listMedia(tablet.client, bob)).at(-1)!['value']).toBe(shown.at(-1)!['value']);
      await leave(household);
    });

    test(`${acts} lets messages live for a day, ${sees} and ${other} see until when; a poll; tags in Saved Messages`, async () => {
      const household = await enterHousehold(libraries, turn);
      const { alice, tablet, bob } = household;
      await alice.client.invoke('messages.setHistoryTTL', { peer: peerOf(bob), period: DAY_S });
      await bob.client.sees('the notice', (event) => event.kind === 'message' && /^action:messageActionSetMessagesTTL$/i.test(event.text));
      await tablet.client.seesUpdate('updatePeerHistoryTTL', { ttl_period: DAY_S });
      await alice.client.send({ peer: bob.id, text: 'for a day' });
      const { id } = await bob.client.seesMessage('for a day');
      const { messages } = await bob.client.invoke('messages.getMessages', { id: [{ _: 'inputMessageID', id }] });
      expect(messages).toMatchObject([{ message: 'for a day', ttl_period: DAY_S }]);

      const words = (text: string): unknown => (isOld(acts) ? text : { _: 'textWithEntities', text, entities: [] });
      const answers = ['31', '32'].map((bytes) => ({ _: 'pollAnswer', text: words(`Answer ${bytes}`), option: { $bytes: bytes } }));
      const poll = { _: 'poll', id: NO_HASH, question: words('Tea?'), answers, public_voters: true, ...(acts === 'mtcute' && { hash: NO_HASH }) };
      await alice.client.invoke('messages.sendMedia', { peer: peerOf(bob), media: { _: 'inputMediaPoll', poll }, message: '', random_id: randomId() });
      const isPoll = (one: Plain | undefined): boolean => (one?.['media'] as Plain | null | undefined)?.['_'] === 'messageMediaPoll';
      const sent = (await getHistory(bob.client, alice)).find(isPoll)!;
      expect(sent['media']).toMatchObject({ poll: { public_voters: true, answers: [{ option: '31' }, { option: '32' }] }, results: { total_voters: 0 } });
      await bob.client.invoke('messages.sendVote', { peer: peerOf(alice), msg_id: sent['id'], options: [{ $bytes: '32' }] });
      expect(await tablet.client.seesUpdate('updateMessagePoll', {})).toMatchObject({ results: { total_voters: 1, results: [{ voters: 0 }, { voters: 1 }] } });
      expect(await bob.client.invoke('messages.getPollVotes', { peer: peerOf(alice), id: sent['id'], limit: 10 })).toMatchObject({ count: 1, votes: [{ option: '32' }] });
      expect((await getHistory(bob.client, alice)).find(isPoll)!['media']).toMatchObject({ results: { results: [{ voters: 0 }, { chosen: true, voters: 1 }] } });

      if (!isOld(acts) && !isOld(sees)) {
        const note = await alice.client.send({ peer: alice.id, text: 'buy milk' });
        const reaction = { _: 'reactionEmoji', emoticon: '🔥' };
        await alice.client.invoke('messages.sendReaction', { peer: { _: 'inputPeerSelf' }, msg_id: note.id, reaction: [reaction] });
        await tablet.client.seesUpdate('updateMessageReactions', { msg_id: note.id });
        expect(await tablet.client.invoke('messages.getSavedReactionTags', { hash: NO_HASH })).toMatchObject({ tags: [{ reaction, count: 1 }] });
      }
      await leave(household);
    });

    if (acts !== 'mtcute') continue; // the only one of the three whose layer has checklists
    test(`${acts} sends and ticks a checklist, which ${sees} and ${other} see as something that they do not know`, async () => {
      const household = await enterHousehold(libraries, turn);
      const { alice, tablet, bob } = household;
      const words = (text: string): object => ({ _: 'textWithEntities', text, entities: [] });
      const todo = { _: 'todoList', title: words('Camping'), list: [1, 2].map((id) => ({ _: 'todoItem', id, title: words(`Task ${id}`) })) };
      await alice.client.invoke('messages.sendMedia', { peer: peerOf(bob), media: { _: 'inputMediaTodo', todo }, message: '', random_id: randomId() });
      const [sent] = await getHistory(alice.client, bob);
      await alice.client.invoke('messages.toggleTodoCompleted', { peer: peerOf(bob), msg_id: sent!['id'], completed: [2], incompleted: [] });
      await alice.client.invoke('messages.appendTodoList', { peer: peerOf(bob), msg_id: sent!['id'], list: [{ _: 'todoItem', id: 3, title: words('Tent') }] });
      expect(await getHistory(alice.client, bob)).toMatchObject([
        { action: { _: 'messageActionTodoAppendTasks', list: [{ id: 3, title: { text: 'Tent' } }] } },
        { action: { _: 'messageActionTodoCompletions', completed: [2] } },
        { media: { todo: { title: { text: 'Camping' }, list: [{}, {}, {}] }, completions: [{ id: 2, completed_by: { user_id: alice.id } }] } },
      ]);
      for (const [{ client }, peer] of [[tablet, bob], [bob, alice]] as const) {
        await client.sees('both notices', () => client.events.filter(({ kind }) => kind === 'message').length === 3);
        expect(await getHistory(client, peer)).toMatchObject([{ action: { _: 'messageActionEmpty' } }, { action: { _: 'messageActionEmpty' } }, { media: { _: 'messageMediaUnsupported' } }]);
      }
      await leave(household);
    });
  }
});
