import { describe, expect, test } from 'vitest';
import { useLibraries } from './libraries.ts';
import { befriend, CASTS, comeBack, enterCircle, eventually, groupOf, hears, idsOf, knowsGroup, leave, say, ALL } from './supergroup-story.ts';
import { enter } from './people-of-libraries.ts';

const libraries = useLibraries({}, ALL);
const TIMEOUT_MS = 180_000;

describe('a public supergroup with mentions and readers is the same in every library', () => {
  for (const cast of CASTS) {
    const [library, second, third, fourth] = cast;
    test(`${library} owns it; ${second} and ${third} take part, ${fourth} comes back`, { timeout: TIMEOUT_MS }, async () => {
      const { alice, bob, carol, dora } = await enterCircle(libraries, cast);
      const eve = await enter(libraries, third, 'Eve');
      await befriend(alice, eve);
      const { peer } = await alice.client.createSupergroup({ title: 'Climbing' });
      await alice.client.addMembers({ peer, users: [bob.id, carol.id, dora.id] });
      for (const person of [bob, carol, dora]) await knowsGroup(person, peer);
      const greeting = await say(alice, peer, 'who is coming?', [bob, carol, dora]);
      await bob.client.read({ peer, maxId: greeting });
      await eventually('who has read it', () => alice.client.readers({ peer, id: greeting }), (ids) => ids.includes(bob.id));

      // From here Dora is offline.
      await dora.client.close();
      const username = `climbing_${alice.phone}`;
      await alice.client.publicName({ peer, username });
      expect(await eve.client.joinByName({ username })).toEqual({ peer });
      await say(eve, peer, 'found you', [alice, bob, carol]);
      const { id } = await alice.client.mention({ peer, user: dora.id, before: 'where is ', name: 'Dora' });

      await comeBack(libraries, dora);
      expect(await hears(dora.client, peer, 'where is Dora')).toMatchObject({ id });
      await eventually('the mention', () => dora.client.mentions({ peer }), (ids) => ids.join() === `${id}`);
      await dora.client.readMentions({ peer });
      await eventually('no mention', () => dora.client.mentions({ peer }), (ids) => ids.length === 0);
      for (const person of [alice, bob, carol, dora, eve]) expect((await groupOf(person, peer)).members).toEqual(idsOf(alice, bob, carol, dora, eve));

      await alice.client.deleteGroup({ peer });
      for (const person of [bob, carol, dora, eve]) await eventually('that it is gone', () => groupOf(person, peer).catch(() => ({ isMember: false })), ({ isMember }) => !isMember);
      await leave(alice, bob, carol, dora, eve);
    });
  }
});
