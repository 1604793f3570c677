import { describe, expect, test } from 'vitest';
import type { DriverEvent, Library } from './driver-client.ts';
import { LIBRARIES, MISSING, TDLIB_ID_STEP, TRANSPORT, useLibraries } from './libraries.ts';
import { enter, type Person } from './people-of-libraries.ts';

const ALL: readonly Library[] = MISSING.tdlib === undefined ? [...LIBRARIES, 'tdlib'] : LIBRARIES;
const libraries = useLibraries({}, ALL);
const TIMEOUT_MS = 180_000;
const FIRE = '🔥';

/** Service messages as the drivers report them: with the names of the schema, or TDLib's own. */
const ACTIONS = {
  create: /^action:(messageActionChatCreate|messageBasicGroupChatCreate)$/i,
  add: /^action:(messageActionChatAddUser|messageChatAddMembers)$/i,
  remove: /^action:(messageActionChatDeleteUser|messageChatDeleteMember)$/i,
  rename: /^action:(messageActionChatEditTitle|messageChatChangeTitle)$/i,
  pin: /^action:(messageActionPinMessage|messagePinMessage)$/i,
};
type Action = keyof typeof ACTIONS;

/** A text of the history as the test names it: the text itself, or the name of the service message. */
function nameOf(text: string): string {
  return (Object.keys(ACTIONS) as Action[]).find((action) => ACTIONS[action].test(text)) ?? text;
}

/** Waits for the given number of service messages of a kind in a group, and returns the last. */
async function seesAction({ client }: Person, peer: number, action: Action, count = 1): Promise<DriverEvent> {
  const found = (): DriverEvent[] => client.events.filter((event) => event.kind === 'message' && event.peer === peer && ACTIONS[action].test(event.text));
  await client.sees(`${count} of ${action}`, () => found().length >= count);
  return found().at(-1)!;
}

/** Whether an event tells of the reaction to a message. */
function tellsOfReaction(event: DriverEvent, id: number): boolean {
  if (event.kind !== 'update') return false;
  const { update } = event;
  return (update['msg_id'] === id || update['message_id'] === id * TDLIB_ID_STEP) && JSON.stringify(update).includes(FIRE);
}

/** The group as a person's library shows it, with sorted members. */
async function groupOf({ client }: Person, peer: number): Promise<{ title: string; isMember: boolean; members: number[] }> {
  const { title, isMember, members } = await client.group({ peer });
  return { title, isMember, members: members.toSorted((a, b) => a - b) };
}

const idsOf = (...people: Person[]): number[] => people.map(({ id }) => id).toSorted((a, b) => a - b);

/** One test per library: it creates the group, the next ones are the second device, the first member and the second. */
const CASTS = ALL.map((library, at) => [library, ...[1, 2, 3].map((step) => ALL[(at + step) % ALL.length]!)] as [Library, Library, Library, Library]);

describe('a basic group is the same in every library', () => {
  for (const [first, second, third, fourth] of CASTS) {
    test(`${first} makes it; ${second}, ${third} and ${fourth} take part`, { timeout: TIMEOUT_MS }, async () => {
      const alice = await enter(libraries, first, 'Alice');
      const bob = await enter(libraries, third, 'Bob');
      const tablet = await enter(libraries, second, 'Bob', bob);
      const carol = await enter(libraries, fourth, 'Carol');
      const dora = await enter(libraries, second, 'Dora');
      for (const other of [bob, carol, dora]) {
        await alice.client.addContact({ phone: other.phone, firstName: other.firstName });
        await other.client.addContact({ phone: alice.phone, firstName: 'Alice' });
      }

      const { peer } = await alice.client.createGroup({ users: [bob.id, carol.id], title: 'Climbing' });
      for (const person of [bob, tablet, carol]) await seesAction(person, peer, 'create');
      for (const person of [alice, bob, tablet, carol]) expect(await groupOf(person, peer)).toEqual({ title: 'Climbing', isMember: true, members: idsOf(alice, bob, carol) });

      const greeting = await alice.client.send({ peer, text: 'who is coming?' });
      const heardByBob = await bob.client.seesMessage('who is coming?');
      const heardByCarol = await carol.client.seesMessage('who is coming?');
      expect(heardByBob).toMatchObject({ peer, out: false });
      await tablet.client.seesMessage('who is coming?');
      await carol.client.typing({ peer });
      await alice.client.sees('that Carol types', (event) => event.kind === 'typing' && event.peer === peer && /typing/i.test(event.action));
      const answer = await bob.client.send({ peer, text: 'I am', replyTo: heardByBob.id });
      expect(await alice.client.seesMessage('I am')).toMatchObject({ peer, replyTo: greeting.id });
      expect(await carol.client.seesMessage('I am')).toMatchObject({ peer, replyTo: heardByCarol.id });
      expect(await tablet.client.seesMessage('I am')).toMatchObject({ out: true, id: answer.id });

      // From here Bob's tablet is offline.
      await tablet.client.close();
      await bob.client.edit({ peer, id: answer.id, text: 'I am not' });
      for (const { client } of [alice, carol]) await client.sees('the edit', (event) => event.kind === 'edit' && event.peer === peer && event.text === 'I am not');
      await alice.client.pin({ peer, id: greeting.id });
      expect(await seesAction(bob, peer, 'pin')).toMatchObject({ replyTo: heardByBob.id });
      expect(await seesAction(carol, peer, 'pin')).toMatchObject({ replyTo: heardByCarol.id });
      await carol.client.read({ peer, maxId: heardByCarol.id });
      await alice.client.sees('that it is read', (event) => event.kind === 'readOutbox' && event.peer === peer && event.maxId >= greeting.id);
      await carol.client.react({ peer, id: heardByCarol.id, emoji: FIRE });
      await alice.client.sees('the reaction', (event) => tellsOfReaction(event, greeting.id));
      await alice.client.setTitle({ peer, title: 'Bouldering' });
      for (const person of [bob, carol]) await seesAction(person, peer, 'rename');

      await alice.client.addMember({ peer, user: dora.id });
      for (const person of [bob, carol, dora]) await seesAction(person, peer, 'add');
      await dora.client.send({ peer, text: 'thanks' });
      for (const { client } of [alice, bob, carol]) await client.seesMessage('thanks');
      for (const person of [alice, bob, carol, dora]) expect(await groupOf(person, peer)).toEqual({ title: 'Bouldering', isMember: true, members: idsOf(alice, bob, carol, dora) });
      await alice.client.removeMember({ peer, user: dora.id });
      for (const person of [bob, carol, dora]) await seesAction(person, peer, 'remove');
      await carol.client.leaveGroup({ peer });
      for (const person of [alice, bob]) await seesAction(person, peer, 'remove', person === alice ? 1 : 2);
      await alice.client.send({ peer, text: 'only two of us' });
      await bob.client.seesMessage('only two of us');
      for (const person of [carol, dora]) expect(await groupOf(person, peer)).toEqual({ title: 'Bouldering', isMember: false, members: [] });

      await tablet.client.open({ server: libraries.server.info, transport: TRANSPORT[second] });
      await tablet.client.seesMessage('only two of us');
      for (const [action, count] of [['pin', 1], ['rename', 1], ['add', 1], ['remove', 2]] as const) await seesAction(tablet, peer, action, count);
      for (const person of [alice, bob, tablet]) {
        expect(await groupOf(person, peer)).toEqual({ title: 'Bouldering', isMember: true, members: idsOf(alice, bob) });
        const texts = (await person.client.history({ peer, limit: 20 })).map(({ text }) => nameOf(text));
        expect(texts.toReversed()).toEqual(['create', 'who is coming?', 'I am not', 'pin', 'rename', 'add', 'thanks', 'remove', 'remove', 'only two of us']);
        expect(await person.client.dialogs()).toContainEqual(expect.objectContaining({ peer }));
      }

      const people = [alice, bob, tablet, carol, dora];
      const onTdlib = people.find(({ client }) => client.library === 'tdlib');
      if (onTdlib) expect(await onTdlib.client.complaints()).toEqual([]);
      for (const { client } of people) await client.close();
    });
  }
});
