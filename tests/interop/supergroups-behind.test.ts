import { readMetrics, sumOfMetric } from '@aerogram/dev-env/load';
import { describe, expect, test } from 'vitest';
import { repeatPost } from '../scenarios/fill-box.ts';
import type { Library } from './driver-client.ts';
import { useLibraries } from './libraries.ts';
import { befriend, comeBack, eventually, groupOf, hears, idsOf, knowsGroup, leave, say, textsOf, ALL } from './supergroup-story.ts';
import { enter } from './people-of-libraries.ts';

const libraries = useLibraries({}, ALL);
const TIMEOUT_MS = 180_000;

const channelId = (peer: number): bigint => BigInt(-peer) - 10n ** 12n;

/** How often the server has answered what has changed in a group. */
const countDifferences = async (): Promise<number> => sumOfMetric(await readMetrics(libraries.server.info), 'aerogram_rpc_calls_total{method="updates.getChannelDifference"');

/** One who posts and two who watch, in other libraries. */
const CASTS = ALL.map((library, at): [Library, Library, Library] => [library, ALL[(at + 1) % ALL.length]!, ALL[(at + 2) % ALL.length]!]);

describe('a client that was offline shows a supergroup as all others do', () => {
  for (const [library, second, third] of CASTS) {
    for (const behind of [900, 5000]) {
      test(`${library}, ${behind} posts behind; ${second} and ${third} were online`, { timeout: TIMEOUT_MS }, async () => {
        const [dora, alice, bob] = await Promise.all([enter(libraries, library, 'Dora'), enter(libraries, second, 'Alice'), enter(libraries, third, 'Bob')]);
        for (const other of [bob, dora]) await befriend(alice, other);
        const { peer } = await alice.client.createSupergroup({ title: 'Climbing' });
        await alice.client.addMembers({ peer, users: [bob.id, dora.id] });
        for (const person of [bob, dora]) await knowsGroup(person, peer);
        const greeting = await say(alice, peer, 'who is coming?', [bob, dora]);
        await dora.client.read({ peer, maxId: greeting });

        await dora.client.close();
        await say(alice, peer, 'one of many', [bob]);
        await repeatPost(libraries.db, channelId(peer), behind - 2);
        // Of what a difference is too long for, not every library tells.
        await say(bob, peer, 'the last', behind < 1000 ? [alice] : []);
        await alice.client.setTitle({ peer, title: 'Bouldering' });
        await bob.client.send({ peer: dora.id, text: 'where are you?' }).catch(() => undefined);

        const asked = await countDifferences();
        await comeBack(libraries, dora);
        if (behind < 1000) expect(await hears(dora.client, peer, 'the last')).toMatchObject({ id: greeting + behind });
        const inList = async (): Promise<object | undefined> => (await dora.client.dialogs()).find((row) => row.peer === peer);
        expect(await eventually('the list of chats', inList, (row) => (row as { top?: number }).top === greeting + behind + 1)).toMatchObject({ unread: behind + 1 });
        // Telethon reports nothing of what was posted until its difference that is too long was answered.
        await eventually('the difference of the group', countDifferences, (count) => count > asked);
        await say(alice, peer, 'welcome back', [bob, dora]);
        await say(dora, peer, 'thanks', [alice, bob]);
        for (const person of [alice, bob, dora]) {
          expect(await groupOf(person, peer)).toEqual({ title: 'Bouldering', isMember: true, members: idsOf(alice, bob, dora) });
          const texts = await textsOf(person, peer, 50);
          expect(texts.slice(-4)).toEqual([`copy ${behind - 2}`, 'the last', 'welcome back', 'thanks']);
          expect(texts).toHaveLength(49);
        }
        await leave(alice, bob, dora);
      });
    }
  }
});
