import { describe, expect, test } from 'vitest';
import { useLibraries } from './libraries.ts';
import { befriend, CASTS, comeBack, enterCircle, eventually, groupOf, hears, idsOf, knowsGroup, leave, say, textsOf, ALL } from './supergroup-story.ts';
import { enter, textOf } from './people-of-libraries.ts';

const libraries = useLibraries({}, ALL);
const TIMEOUT_MS = 180_000;

describe('a supergroup with its admins, restrictions and pins is the same in every library', () => {
  for (const cast of CASTS) {
    const [library, second, third, fourth] = cast;
    test(`${library} owns it; ${second} and ${third} take part, ${fourth} comes back`, { timeout: TIMEOUT_MS }, async () => {
      const circle = await enterCircle(libraries, cast);
      const { alice, bob, carol, dora } = circle;
      const eve = await enter(libraries, third, 'Eve');
      await befriend(alice, eve);
      const { peer } = await alice.client.createSupergroup({ title: 'Climbing' });
      await alice.client.addMembers({ peer, users: [bob.id, carol.id, dora.id] });
      for (const person of [bob, carol, dora]) await knowsGroup(person, peer);
      const greeting = await say(alice, peer, 'who is coming?', [bob, carol, dora]);
      await carol.client.read({ peer, maxId: greeting });
      await alice.client.sees('that it is read', (event) => event.kind === 'readOutbox' && event.peer === peer && event.maxId >= greeting);

      // From here Dora is offline.
      await dora.client.close();
      const roles = async (...users: number[]): Promise<string[]> => Promise.all(users.map((user) => carol.client.role({ peer, user })));
      await alice.client.promote({ peer, user: bob.id, isAdmin: true });
      expect(await roles(alice.id, bob.id, carol.id)).toEqual(['creator', 'admin', 'member']);
      await bob.client.setTitle({ peer, title: 'Bouldering' });
      await eventually('the title', () => groupOf(carol, peer), ({ title }) => title === 'Bouldering');

      await bob.client.mute({ peer, user: carol.id, isMuted: true });
      expect(await alice.client.role({ peer, user: carol.id })).toBe('restricted');
      await eventually('a refusal', () => textOf(carol.client.send({ peer, text: 'may I?' })), (text) => text !== 'no error');
      await bob.client.mute({ peer, user: carol.id, isMuted: false });
      await eventually('the right to write', () => textOf(carol.client.send({ peer, text: 'thank you' })), (text) => text === 'no error');
      for (const { client } of [alice, bob]) expect(await hears(client, peer, 'thank you')).toMatchObject({ out: false });

      await bob.client.pin({ peer, id: greeting });
      for (const person of [alice, carol]) await eventually('the pinned message', () => person.client.pinned({ peer }), (ids) => ids.includes(greeting));

      // Eve is added, is seen, and is banned by the new admin.
      await bob.client.addContact({ phone: eve.phone, firstName: 'Eve' });
      await alice.client.addMembers({ peer, users: [eve.id] });
      await knowsGroup(eve, peer);
      await say(eve, peer, 'hello all', [alice, bob, carol]);
      await bob.client.ban({ peer, user: eve.id, isBanned: true });
      expect(await alice.client.role({ peer, user: eve.id })).toBe('banned');
      await eventually('a refusal', () => textOf(eve.client.send({ peer, text: 'let me in' })), (text) => text !== 'no error');
      await eventually('that she is out', () => groupOf(eve, peer).catch(() => ({ isMember: false })), ({ isMember }) => !isMember);

      await alice.client.slowMode({ peer, seconds: 3600 });
      await say(carol, peer, 'the first', [alice, bob]);
      // TDLib would try for a minute.
      if (third !== 'tdlib') expect(await textOf(carol.client.send({ peer, text: 'the second' }))).toMatch(/SLOWMODE_WAIT|SlowMode|^420 FLOOD/);
      await eventually('how long to wait', () => carol.client.slowModeWait({ peer }), (seconds) => seconds > 3500);
      expect(await alice.client.slowModeWait({ peer })).toBe(0);
      await alice.client.slowMode({ peer, seconds: 0 });
      await alice.client.promote({ peer, user: bob.id, isAdmin: false });
      expect(await roles(bob.id)).toEqual(['member']);
      await say(alice, peer, 'see you', [bob, carol]);

      await comeBack(libraries, dora);
      await hears(dora.client, peer, 'see you');
      const texts = ['who is coming?', 'thank you', 'hello all', 'the first', 'see you'];
      for (const person of [alice, bob, carol, dora]) {
        expect(await groupOf(person, peer)).toEqual({ title: 'Bouldering', isMember: true, members: idsOf(alice, bob, carol, dora) });
        expect(await textsOf(person, peer)).toEqual(texts);
        expect(await person.client.pinned({ peer })).toEqual([greeting]);
        expect(await person.client.dialogs()).toContainEqual(expect.objectContaining({ peer }));
      }
      expect(await dora.client.role({ peer, user: bob.id })).toBe('member');
      await say(dora, peer, 'I am back', [alice, bob, carol]);
      await dora.client.leaveGroup({ peer });
      for (const person of [alice, bob, carol]) await eventually('three members', () => groupOf(person, peer), ({ members }) => members.length === 3);
      await leave(alice, bob, carol, dora, eve);
    });
  }
});
