import { describe, expect, test } from 'vitest';
import type { Plain } from './driver-client.ts';
import { LIBRARIES, useLibraries } from './libraries.ts';
import { enter, enterHousehold, leave, NO_HASH, peerOf, randomId, TURNS } from './people-of-libraries.ts';

const libraries = useLibraries();

describe('messages written with one library are found with another', () => {
  for (const [at, library] of LIBRARIES.entries()) {
    const next = LIBRARIES[(at + 1) % LIBRARIES.length]!;
    test(`${library} writes, ${next} searches`, async () => {
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

describe('search by kind, sender and date', () => {
  for (const turn of TURNS) {
    const [acts, , other] = turn;
    test(`${acts} looks, ${other} wrote`, async () => {
      const household = await enterHousehold(libraries, turn);
      const { alice, bob } = household;
      await bob.client.send({ peer: alice.id, text: 'a link: https://example.org/' });
      await alice.client.seesMessage('a link: https://example.org/');
      await alice.client.send({ peer: bob.id, text: 'no link' });
      const geo_point = { _: 'inputGeoPoint', lat: 1, long: 2 };
      await alice.client.invoke('messages.sendMedia', { peer: peerOf(bob), media: { _: 'inputMediaGeoPoint', geo_point }, message: '', random_id: randomId() });
      const [peer, filter] = [peerOf(bob), { _: 'inputMessagesFilterUrl' }];
      const search = { peer, q: '', filter: { _: 'inputMessagesFilterEmpty' }, min_date: 0, max_date: 0, offset_id: 0, add_offset: 0, limit: 10, max_id: 0, min_id: 0, hash: NO_HASH };
      const textsOf = async (more: object): Promise<unknown[]> => ((await alice.client.invoke('messages.search', { ...search, ...more }))['messages'] as Plain[]).map((message) => message['message']);
      expect(await textsOf({ filter })).toEqual(['a link: https://example.org/']);
      expect(await textsOf({ from_id: peer })).toEqual(['a link: https://example.org/']);
      expect(await textsOf({ from_id: { _: 'inputPeerSelf' } })).toEqual(['', 'no link']);
      expect(await textsOf({ max_date: 1_000_000_000 })).toEqual([]);
      expect(await textsOf({ min_date: 1_000_000_000 })).toHaveLength(3);
      const counters = await alice.client.invoke('messages.getSearchCounters', { peer, filters: [filter, { _: 'inputMessagesFilterGeo' }] });
      expect(counters).toMatchObject([{ filter: { _: 'inputMessagesFilterUrl' }, count: 1 }, { filter: { _: 'inputMessagesFilterGeo' }, count: 1 }]);
      expect(await alice.client.invoke('messages.getSearchResultsCalendar', { peer, filter, offset_id: 0, offset_date: 0 })).toMatchObject({ count: 1, periods: [{ count: 1 }] });
      expect(await alice.client.invoke('messages.getSearchResultsPositions', { peer, filter, offset_id: 0, limit: 10 })).toMatchObject({ count: 1, positions: [{ offset: 0 }] });
      await leave(household);
    });
  }
});
