import { sql } from '@aerogram/storage';
import { describe, expect, test } from 'vitest';
import type { DriverEvent } from './driver-client.ts';
import { useLibraries } from './libraries.ts';
import { textOf, type Person } from './people-of-libraries.ts';
import { ALL, CASTS, comeBack, enterCircle, eventually, groupOf, idsOf, knowsGroup, leave, say, textsOf } from './supergroup-story.ts';

const libraries = useLibraries({}, ALL);
const TIMEOUT_MS = 180_000;
const PASSWORD = 'correct horse';
const MONTH_S = 30 * 86_400;

/** Makes the password and the log-in of a person old enough to give a group away. */
async function growOld({ id }: Person): Promise<void> {
  const { q } = libraries.db;
  await sql`UPDATE passwords SET changed_date = changed_date - ${MONTH_S} WHERE user_id = ${BigInt(id)}`.execute(q);
  await sql`UPDATE authorizations SET created_date = created_date - ${MONTH_S} WHERE user_id = ${BigInt(id)}`.execute(q);
}

const lastMessageIn = (event: DriverEvent, peer: number): boolean => event.kind === 'update' && event.update._ === 'updateChatLastMessage' && event.update['chat_id'] === peer;
const isMessageIn = (event: DriverEvent, peer: number): boolean => event.kind === 'message' && event.peer === peer;

describe('a basic group that becomes a supergroup and gets another owner is the same in every library', () => {
  for (const cast of CASTS) {
    const [library, second, third, fourth] = cast;
    test(`${library} owns it first; ${second} gets it, ${third} watches, ${fourth} comes back`, { timeout: TIMEOUT_MS }, async () => {
      const { alice, bob, carol, dora } = await enterCircle(libraries, cast);
      const { peer: old } = await alice.client.createGroup({ users: [bob.id, carol.id, dora.id], title: 'Climbing' });
      for (const { client } of [bob, carol, dora]) await client.sees('the group', (event) => isMessageIn(event, old));
      await alice.client.send({ peer: old, text: 'we are many' });
      for (const { client } of [bob, carol, dora]) await client.seesMessage('we are many');

      // From here Dora is offline.
      await dora.client.close();
      const { peer } = await alice.client.migrate({ peer: old });
      for (const person of [bob, carol]) await knowsGroup(person, peer);
      for (const person of [alice, bob, carol]) expect(await groupOf(person, peer)).toEqual({ title: 'Climbing', isMember: true, members: idsOf(alice, bob, carol, dora) });
      expect(await textOf(bob.client.send({ peer: old, text: 'here?' }))).not.toBe('no error');
      await say(bob, peer, 'a new place', [alice, carol]);

      // As an anonymous admin the owner writes in the name of the group, and TDLib leaves no choice there.
      await alice.client.hide({ peer });
      const text = 'from the group';
      await (library === 'tdlib' ? alice.client.send({ peer, text }) : alice.client.sendAs({ peer, as: peer, text }));
      for (const { client } of [bob, carol]) expect(await client.seesMessage(text)).toMatchObject({ peer, from: peer, out: false });

      await alice.client.setPassword({ password: PASSWORD, hint: '' });
      expect(await textOf(alice.client.giveAway({ peer, user: bob.id, password: PASSWORD }))).toMatch(/TOO_FRESH|TooFresh/);
      await growOld(alice);
      expect(await textOf(alice.client.giveAway({ peer, user: bob.id, password: 'wrong horse' }))).toMatch(/PASSWORD_HASH_INVALID|PasswordHashInvalid/);
      await alice.client.giveAway({ peer, user: bob.id, password: PASSWORD });
      const owners = (person: Person) => async (): Promise<string> => (await Promise.all([bob, alice].map(({ id }) => person.client.role({ peer, user: id })))).join();
      for (const person of [alice, bob]) await eventually('the new owner', owners(person), (roles) => roles === 'creator,admin');
      // Members do not learn that an anonymous admin is in the group.
      await eventually('the new owner', owners(carol), (roles) => roles === 'creator,left');
      await bob.client.setTitle({ peer, title: 'Bouldering' });
      await say(carol, peer, 'hail Bob', [alice, bob]);

      await comeBack(libraries, dora);
      // Not every library tells of what was written in a group before it knew the group.
      await dora.client.sees('the way to the new group', (event) => isMessageIn(event, old) || lastMessageIn(event, old));
      await eventually('the list of chats', () => dora.client.dialogs(), (rows) => rows.some((row) => row.peer === peer));
      await say(carol, peer, 'welcome back', [alice, bob, dora]);
      for (const person of [alice, bob, carol, dora]) {
        const isAdmin = person === alice || person === bob;
        expect(await groupOf(person, peer)).toEqual({ title: 'Bouldering', isMember: true, members: idsOf(...(isAdmin ? [alice] : []), bob, carol, dora) });
        expect(await textsOf(person, peer)).toEqual(['a new place', 'from the group', 'hail Bob', 'welcome back']);
        expect(await textsOf(person, old)).toContain('we are many');
      }
      expect(await owners(dora)()).toBe('creator,left');
      await leave(alice, bob, carol, dora);
    });
  }
});
