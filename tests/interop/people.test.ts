import { describe, expect, test } from 'vitest';
import { LIBRARIES, useLibraries } from './libraries.ts';
import { enter, textOf } from './people-of-libraries.ts';

const libraries = useLibraries();

/** Libraries have different texts for errors; this part is the same. */
const BLOCKED = /YOU_BLOCKED_USER|YouBlockedUser/;

describe('data hidden with one library is not visible in another', () => {
  for (const [at, library] of LIBRARIES.entries()) {
    const next = LIBRARIES[(at + 1) % LIBRARIES.length]!;
    test(`${library} hides from ${next}`, async () => {
      const [alice, bob] = [await enter(libraries, library, 'Alice'), await enter(libraries, next, 'Bob')];
      await alice.client.addContact({ phone: bob.phone, firstName: 'Bob' });
      const username = `alice_of_${library}_${alice.id}`;
      await alice.client.setProfile({ about: 'all about Alice', username });
      await alice.client.send({ peer: bob.id, text: 'hello' });
      await bob.client.seesMessage('hello');
      // Bob does not have Alice as a contact: he sees her number because she has him as a contact.
      expect(await bob.client.profile({ peer: alice.id })).toMatchObject({ phone: alice.phone, username, about: 'all about Alice', blocked: false });

      await alice.client.hideFrom({ peer: bob.id });
      const hidden = await bob.client.profile({ peer: alice.id });
      expect(hidden).toMatchObject({ phone: null, username, about: 'all about Alice' });
      expect(hidden.status).not.toMatch(/userStatusO(n|ff)line/);

      await alice.client.block({ peer: bob.id, blocked: true });
      expect(await alice.client.profile({ peer: bob.id })).toMatchObject({ blocked: true });
      expect((await bob.client.profile({ peer: alice.id })).about).toBeNull();
      await bob.client.send({ peer: alice.id, text: 'withheld' });
      expect(await textOf(alice.client.send({ peer: bob.id, text: 'refused' }))).toMatch(BLOCKED);
      await alice.client.block({ peer: bob.id, blocked: false });
      await bob.client.send({ peer: alice.id, text: 'heard again' });
      await alice.client.seesMessage('heard again');
      expect(await alice.client.pages({ peer: bob.id, page: 10 })).toEqual(['heard again', 'hello']);
      for (const { client } of [alice, bob]) await client.close();
      expect(libraries.server.output).not.toMatch(/unhandled|uncaught/i);
    });
  }
});
