import { describe, expect, test } from 'vitest';
import { type DriverClient, type Library } from './driver-process.ts';
import { LIBRARIES, TRANSPORT, useLibraries } from './libraries.ts';

const libraries = useLibraries();

let named = 0;
async function enter(library: Library, firstName: string): Promise<{ client: DriverClient; id: number; phone: string }> {
  const client = libraries.drivers.get(library)!.client(`${library}-search-${named++}`);
  await client.open({ server: libraries.server.info, transport: TRANSPORT[library] });
  const { phone, code } = libraries.world.freshPhone();
  const { id } = await client.login({ phone, code, firstName });
  return { client, id, phone };
}

describe('what one library writes, another finds', () => {
  for (const [at, library] of LIBRARIES.entries()) {
    const next = LIBRARIES[(at + 1) % LIBRARIES.length]!;
    test(`${library} writes, ${next} searches`, { timeout: 120_000 }, async () => {
      const [alice, bob] = [await enter(library, 'Alice'), await enter(next, 'Bob')];
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
