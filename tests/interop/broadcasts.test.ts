import { describe, expect, test } from 'vitest';
import { useLibraries } from './libraries.ts';
import { textOf } from './people-of-libraries.ts';
import { ALL, CASTS, comeBack, enterCircle, eventually, hears, knowsGroup, leave, say, textsOf } from './supergroup-story.ts';

const libraries = useLibraries({}, ALL);
const TIMEOUT_MS = 180_000;

describe('a broadcast channel is the same in every library', () => {
  for (const cast of CASTS) {
    const [library, second, third, fourth] = cast;
    test(`${library} writes; ${second} and ${third} read, ${fourth} comes back`, { timeout: TIMEOUT_MS }, async () => {
      const { alice, bob, carol, dora } = await enterCircle(libraries, cast);
      const { peer } = await alice.client.createChannel({ title: 'News of climbing' });
      await alice.client.addMembers({ peer, users: [bob.id, carol.id, dora.id] });
      await say(alice, peer, 'the first news', [bob, carol, dora]);
      for (const person of [bob, carol, dora]) await knowsGroup(person, peer);
      for (const { client } of [bob, carol]) expect(await hears(client, peer, 'the first news')).toMatchObject({ from: peer });
      expect(await textOf(bob.client.send({ peer, text: 'may I?' }))).not.toBe('no error');

      // From here Dora is offline.
      await dora.client.close();
      const id = await say(alice, peer, 'the second news', [bob, carol]);
      await alice.client.edit({ peer, id, text: 'the third news' });
      for (const { client } of [bob, carol]) await client.sees('the edit', (event) => event.kind === 'edit' && event.peer === peer && event.text === 'the third news');
      await alice.client.pin({ peer, id });
      for (const { client } of [bob, carol]) await eventually('the pinned post', () => client.pinned({ peer }), (ids) => ids.includes(id));
      const slip = await say(alice, peer, 'a slip', [bob, carol]);
      await alice.client.delete({ peer, ids: [slip] });
      for (const { client } of [bob, carol]) await client.sees('the deletion', (event) => event.kind === 'delete' && event.ids.includes(slip));
      await alice.client.setTitle({ peer, title: 'News of bouldering' });
      await bob.client.leaveGroup({ peer });
      await say(alice, peer, 'the last news', [carol]);

      await comeBack(libraries, dora);
      await hears(dora.client, peer, 'the last news');
      for (const person of [alice, carol, dora]) {
        expect(await textsOf(person, peer)).toEqual(['the first news', 'the third news', 'the last news']);
        expect(await person.client.pinned({ peer })).toEqual([id]);
        expect(await person.client.dialogs()).toContainEqual(expect.objectContaining({ peer }));
      }
      expect(await bob.client.dialogs()).not.toContainEqual(expect.objectContaining({ peer }));
      await leave(alice, bob, carol, dora);
    });
  }
});
