import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { DriverClient, Plain } from './driver-client.ts';
import { useLibraries } from './libraries.ts';
import { closeAll, enterHousehold, enterPair, isOld, leave, NO_HASH, peerOf, reactionOf, TURNS } from './people-of-libraries.ts';
import { eventually, knowsGroup } from './supergroup-story.ts';

const libraries = useLibraries();

/** A custom emoji that every server has. */
const CUSTOM_EMOJI = '5269590556232664327';

/** A file of a reaction, downloaded by the library. */
async function downloadFile(client: DriverClient, reaction: Plain, field: string): Promise<Buffer> {
  return Buffer.from(await client.download({ document: reaction[field] as Plain }), 'base64');
}

describe('reactions are the same in every library', () => {
  for (const turn of TURNS) {
    const [acts, sees, other] = turn;

    test(`${acts} lists them and downloads their files, ${other} has the same`, async () => {
      const household = await enterHousehold(libraries, turn);
      const files: Buffer[][] = [];
      for (const { client } of [household.alice, household.bob]) {
        const list = (await client.invoke('messages.getAvailableReactions', { hash: 0 })) as Plain & { hash: number; reactions: Plain[] };
        expect(list.reactions.length).toBeGreaterThan(60);
        expect(await client.invoke('messages.getAvailableReactions', { hash: list.hash })).toEqual({ _: 'availableReactionsNotModified' });
        const fire = list.reactions.find(({ reaction }) => reaction === '🔥')!;
        const icon = await downloadFile(client, fire, 'static_icon');
        expect([icon.toString('latin1', 0, 4), icon.toString('latin1', 8, 12)]).toEqual(['RIFF', 'WEBP']);
        const animations: Buffer[] = [];
        for (const field of ['appear_animation', 'select_animation', 'activate_animation', 'effect_animation', 'around_animation', 'center_icon']) {
          const animation = await downloadFile(client, fire, field);
          expect(JSON.parse(gunzipSync(animation).toString())).toMatchObject({ tgs: 1, w: 512, h: 512 });
          animations.push(animation);
        }
        files.push([icon, ...animations]);
      }
      expect(files[1]).toEqual(files[0]);
      await leave(household);
    });

    test(`${acts} reacts, ${sees} knows which are recent, ${other} reads and reports them`, async () => {
      const household = await enterHousehold(libraries, turn);
      const { alice, tablet, bob } = household;
      const { id } = await bob.client.send({ peer: alice.id, text: 'good news' });
      const heard = await alice.client.seesMessage('good news');
      const reaction = reactionOf(acts, '🔥');
      await alice.client.invoke('messages.setDefaultReaction', { reaction });
      await alice.client.invoke('messages.sendReaction', { peer: peerOf(bob), msg_id: heard.id, ...(isOld(acts) ? { reaction } : { reaction: [reaction], add_to_recent: true }) });
      await bob.client.seesUpdate('updateMessageReactions', { msg_id: id });
      const asked = await bob.client.invoke('messages.getMessagesReactions', { peer: peerOf(alice), id: [id] });
      expect(asked['updates']).toMatchObject([{ _: 'updateMessageReactions', msg_id: id, reactions: { results: [{ count: 1, reaction: reactionOf(other, '🔥') }] } }]);
      const seen = { _: 'reactionEmoji', emoticon: '🔥' };
      if (!isOld(sees)) {
        expect(await tablet.client.invoke('help.getConfig')).toMatchObject({ reactions_default: seen });
        expect((await tablet.client.invoke('messages.getTopReactions', { limit: 100, hash: NO_HASH }))['reactions']).toContainEqual(seen);
      }
      if (!isOld(sees) && !isOld(acts)) {
        const recent = { limit: 10, hash: NO_HASH };
        expect(await tablet.client.invoke('messages.getRecentReactions', recent)).toMatchObject({ reactions: [seen] });
        await tablet.client.invoke('messages.clearRecentReactions');
        await alice.client.seesUpdate('updateRecentReactions');
        expect(await alice.client.invoke('messages.getRecentReactions', recent)).toMatchObject({ reactions: [] });
      }
      if (!isOld(other)) expect(await bob.client.invoke('messages.reportReaction', { peer: peerOf(alice), id, reaction_peer: peerOf(alice) })).toBe(true);
      await leave(household);
    });

    // The library with the oldest layer knows no custom reactions.
    test.skipIf(isOld(acts))(`${acts} reacts with a custom emoji, and ${other} ${isOld(other) ? 'is not told what it does not know' : 'sees which one'}`, async () => {
      const [alice, bob] = await enterPair(libraries, acts, other);
      const { id } = await bob.client.send({ peer: alice.id, text: 'good news' });
      const heard = await alice.client.seesMessage('good news');
      const reaction = { _: 'reactionCustomEmoji', document_id: { $long: CUSTOM_EMOJI } };
      await alice.client.invoke('messages.sendReaction', { peer: peerOf(bob), msg_id: heard.id, reaction: [reaction] });
      await bob.client.seesUpdate('updateMessageReactions', { msg_id: id });
      const asked = await bob.client.invoke('messages.getMessagesReactions', { peer: peerOf(alice), id: [id] });
      const [{ reactions }] = asked['updates'] as [Plain & { reactions: { results: (Plain & { reaction: Plain })[] } }];
      expect(reactions.results.map((each) => [each.reaction._, JSON.stringify(each.reaction['document_id'])?.includes(CUSTOM_EMOJI)])).toEqual(isOld(other) ? [] : [['reactionCustomEmoji', true]]);
      await closeAll(alice, bob);
    });

    test(`${acts} has a supergroup where ${other} reacts`, async () => {
      const [alice, bob] = await enterPair(libraries, acts, other);
      const { peer } = await alice.client.createSupergroup({ title: 'Climbing' });
      await alice.client.addMembers({ peer, users: [bob.id] });
      await knowsGroup(bob, peer);
      const { id } = await alice.client.send({ peer, text: 'good news' });
      await bob.client.sees('the message', (event) => event.kind === 'message' && event.peer === peer && event.text === 'good news');
      const reaction = reactionOf(other, '🔥');
      await bob.client.invoke('messages.sendReaction', { peer: { $peer: peer }, msg_id: id, reaction: isOld(other) ? reaction : [reaction] });
      await alice.client.seesUpdate('updateMessageReactions', { msg_id: id });
      const results = [{ count: 1, reaction: reactionOf(acts, '🔥') }];
      const asked = await alice.client.invoke('messages.getMessagesReactions', { peer: { $peer: peer }, id: [id] });
      expect(asked['updates']).toMatchObject([{ _: 'updateMessageReactions', msg_id: id, reactions: { results } }]);
      const listed = await alice.client.invoke('messages.getMessageReactionsList', { peer: { $peer: peer }, id, limit: 10 });
      expect(listed).toMatchObject({ count: 1, reactions: [{ reaction: reactionOf(acts, '🔥') }] });
      const unread = { peer: { $peer: peer }, offset_id: 0, add_offset: 0, limit: 10, max_id: 0, min_id: 0 };
      const before = await eventually('the reaction as unread', () => alice.client.invoke('messages.getUnreadReactions', unread), (answer) => (answer['messages'] as Plain[]).length === 1);
      expect(before['messages']).toMatchObject([{ id, reactions: { results } }]);
      await alice.client.invoke('messages.readReactions', { peer: { $peer: peer } });
      expect(await alice.client.invoke('messages.getUnreadReactions', unread)).toMatchObject({ messages: [] });
      await closeAll(alice, bob);
    });
  }
});
