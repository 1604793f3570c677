import { describe, expect, test } from 'vitest';
import { useLibraries } from './libraries.ts';
import { ALL, befriend, CASTS, comeBack, groupOf, hears, idsOf, knowsGroup, leave } from './supergroup-story.ts';
import { enter } from './people-of-libraries.ts';

const libraries = useLibraries({}, ALL);
const TIMEOUT_MS = 180_000;

describe('a supergroup is the same in every library', () => {
  for (const [first, second, , third] of CASTS) {
    test(`${first} creates it; ${second} takes part, and ${third} catches up`, { timeout: TIMEOUT_MS }, async () => {
      const alice = await enter(libraries, first, 'Alice');
      const bob = await enter(libraries, second, 'Bob');
      const carol = await enter(libraries, third, 'Carol');
      const people = [alice, bob, carol];
      for (const other of [bob, carol]) await befriend(alice, other);

      const { peer } = await alice.client.createSupergroup({ title: 'Climbing' });
      await alice.client.addMembers({ peer, users: [bob.id, carol.id] });
      for (const person of [bob, carol]) await knowsGroup(person, peer);
      const greeting = await alice.client.send({ peer, text: 'who is coming?' });
      for (const { client } of [bob, carol]) expect(await client.seesMessage('who is coming?')).toMatchObject({ peer, id: greeting.id, out: false });
      for (const person of people) expect(await groupOf(person, peer)).toEqual({ title: 'Climbing', isMember: true, members: idsOf(...people) });

      const answer = await bob.client.send({ peer, text: 'I am', replyTo: greeting.id });
      for (const { client } of [alice, carol]) expect(await client.seesMessage('I am')).toMatchObject({ peer, id: answer.id, replyTo: greeting.id });
      await bob.client.read({ peer, maxId: greeting.id });
      await alice.client.sees('that it is read', (event) => event.kind === 'readOutbox' && event.peer === peer && event.maxId >= greeting.id);

      // From here Carol is offline.
      await carol.client.close();
      await bob.client.edit({ peer, id: answer.id, text: 'I am not' });
      await alice.client.sees('the edit', (event) => event.kind === 'edit' && event.peer === peer && event.text === 'I am not');
      const slip = await alice.client.send({ peer, text: 'a slip' });
      await bob.client.seesMessage('a slip');
      await alice.client.delete({ peer, ids: [slip.id] });
      await bob.client.sees('the deletion', (event) => event.kind === 'delete' && event.ids.includes(slip.id));
      await alice.client.setTitle({ peer, title: 'Bouldering' });
      await alice.client.send({ peer, text: 'see you' });
      await bob.client.seesMessage('see you');

      await comeBack(libraries, carol);
      await hears(carol.client, peer, 'see you');
      for (const person of people) {
        expect(await groupOf(person, peer)).toEqual({ title: 'Bouldering', isMember: true, members: idsOf(...people) });
        const texts = (await person.client.history({ peer, limit: 20 })).map(({ text }) => text);
        expect(texts.toReversed().filter((text) => !text.startsWith('action:'))).toEqual(['who is coming?', 'I am not', 'see you']);
        expect(await person.client.dialogs()).toContainEqual(expect.objectContaining({ peer }));
      }

      await bob.client.leaveGroup({ peer });
      await alice.client.send({ peer, text: 'two of us' });
      await carol.client.seesMessage('two of us');
      expect(await groupOf(alice, peer)).toEqual({ title: 'Bouldering', isMember: true, members: idsOf(alice, carol) });
      await leave(...people);
    });
  }
});
