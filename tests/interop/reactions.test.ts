import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { DriverClient, Plain } from './driver-client.ts';
import { useLibraries } from './libraries.ts';
import { enterHousehold, isOld, leave, NO_HASH, peerOf, reactionOf, TURNS } from './people-of-libraries.ts';

const libraries = useLibraries();

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
  }
});
