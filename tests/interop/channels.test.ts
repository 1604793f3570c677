import { describe, expect, test } from 'vitest';
import type { Library } from './driver-process.ts';
import { MISSING, TRANSPORT, useLibraries } from './libraries.ts';
import { enter, type Person } from './people-of-libraries.ts';

/** GramJS leaves it to its users to ask for the differences of channels, so it is left out. */
const ALL = (['mtcute', 'telethon', 'tdlib'] as const).filter((library) => MISSING[library] === undefined);
const libraries = useLibraries({}, ALL);
const TIMEOUT_MS = 180_000;

/** The group as a person's library shows it, with sorted members. */
async function groupOf({ client }: Person, peer: number): Promise<{ title: string; isMember: boolean; members: number[] }> {
  const { title, isMember, members } = await client.group({ peer });
  return { title, isMember, members: members.toSorted((a, b) => a - b) };
}

/** Waits until a person's library has the group: it reports a message there, or, in TDLib, the last message of the chat that it has loaded. */
async function knowsGroup({ client }: Person, peer: number): Promise<void> {
  await client.sees('the group', (event) => {
    if (event.kind === 'message') return event.peer === peer;
    return event.kind === 'update' && event.update['_'] === 'updateChatLastMessage' && event.update['chat_id'] === peer;
  });
}

const idsOf = (...people: Person[]): number[] => people.map(({ id }) => id).toSorted((a, b) => a - b);

/** Who creates the group, who takes part, and who comes back after being offline. Telethon keeps no pts of channels when it is closed. */
const CASTS = ALL.map((library, at): [Library, Library, Library] => {
  const others = [1, 2].map((step) => ALL[(at + step) % ALL.length]!);
  return [library, others[0]!, others.find((other) => other !== 'telethon') ?? 'mtcute'];
});

describe('a supergroup is the same in every library', () => {
  for (const [first, second, third] of CASTS) {
    test(`${first} creates it; ${second} takes part, and ${third} catches up`, { timeout: TIMEOUT_MS }, async () => {
      const alice = await enter(libraries, first, 'Alice');
      const bob = await enter(libraries, second, 'Bob');
      const carol = await enter(libraries, third, 'Carol');
      const people = [alice, bob, carol];
      for (const other of [bob, carol]) {
        await alice.client.addContact({ phone: other.phone, firstName: other.firstName });
        await other.client.addContact({ phone: alice.phone, firstName: 'Alice' });
      }

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

      await carol.client.open({ server: libraries.server.info, transport: TRANSPORT[third] });
      await carol.client.seesMessage('see you');
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
      const onTdlib = people.find(({ client }) => client.library === 'tdlib');
      if (onTdlib) expect(await onTdlib.client.complaints()).toEqual([]);
      for (const { client } of people) await client.close();
    });
  }
});
