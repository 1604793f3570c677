import { describe, expect, test } from 'vitest';
import { LIBRARIES, useLibraries } from './libraries.ts';
import { enter } from './people-of-libraries.ts';

const libraries = useLibraries();

describe('what one library writes, another finds', () => {
  for (const [at, library] of LIBRARIES.entries()) {
    const next = LIBRARIES[(at + 1) % LIBRARIES.length]!;
    test(`${library} writes, ${next} searches`, { timeout: 120_000 }, async () => {
      const [alice, bob] = [await enter(libraries, library, 'Alice'), await enter(libraries, next, 'Bob')];
      await alice.client.addContact({ phone: bob.phone, firstName: 'Bob' });
      for (let n = 0; n < 8; n++) await alice.client.send({ peer: bob.id, text: n % 2 === 0 ? `встреча ${n}` : `会议在明天 ${n}` });
      await bob.client.seesMessage('会议在明天 7');
      const even = ['встреча 6', 'встреча 4', 'встреча 2', 'встреча 0'];
      const odd = ['会议在明天 7', '会议在明天 5', '会议在明天 3', '会议在明天 1'];
      for (const { client, other } of [{ client: bob.client, other: alice.id }, { client: alice.client, other: bob.id }]) {
        expect(await client.search({ peer: other, text: 'ВСТР' })).toEqual(even);
        expect(await client.search({ peer: other, text: '明天' })).toEqual(odd);
        expect(await client.search({ peer: null, text: '会' })).toEqual(odd);
        expect(await client.search({ peer: null, text: 'встреча 4' })).toEqual(['встреча 4']);
        expect(await client.search({ peer: null, text: 'nowhere' })).toEqual([]);
      }
      for (const { client } of [alice, bob]) await client.close();
      expect(libraries.server.output).not.toMatch(/unhandled|uncaught/i);
    });
  }
});
