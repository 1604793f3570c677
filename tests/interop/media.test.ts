import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Plain } from './driver-process.ts';
import { useLibraries } from './libraries.ts';
import { enterHousehold, leave, NO_HASH, peerOf, randomId, TURNS, type Person } from './people-of-libraries.ts';

/** A page that messages link to. */
const site = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<title>A page</title><meta name=description content="about nothing">');
});
const env: Record<string, string> = { AEROGRAM_LINK_PREVIEWS: '1', AEROGRAM_LINK_PREVIEW_NETWORKS: '127.0.0.1' };
beforeAll(async () => {
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  env['AEROGRAM_LINK_PREVIEW_PORTS'] = String((site.address() as AddressInfo).port);
});
afterAll(() => site.close());
const libraries = useLibraries(env);

const point = (lat: number, long: number): object => ({ _: 'inputGeoPoint', lat, long });

async function newest(reader: Person, peer: Person): Promise<Plain> {
  const answer = await reader.client.invoke('messages.getHistory', { peer: peerOf(peer), offset_id: 0, offset_date: 0, add_offset: 0, limit: 1, max_id: 0, min_id: 0, hash: NO_HASH });
  return (answer['messages'] as Plain[])[0]!;
}

describe('what one library shows, another sees', () => {
  for (const turn of TURNS) {
    const [acts, , other] = turn;
    test(`${acts} sends, ${other} looks`, { timeout: 120_000 }, async () => {
      const household = await enterHousehold(libraries, turn);
      const { alice, tablet, bob } = household;
      const send = async (media: object, message = ''): Promise<Plain> => {
        await alice.client.invoke('messages.sendMedia', { peer: peerOf(bob), media, message, random_id: randomId() });
        return newest(alice, bob);
      };

      await send({ _: 'inputMediaContact', phone_number: bob.phone, first_name: 'Bob', last_name: '', vcard: '' }, 'whom you know');
      await bob.client.seesMessage('whom you know');
      expect(await newest(bob, alice)).toMatchObject({ media: { _: 'messageMediaContact', phone_number: bob.phone, first_name: 'Bob' } });
      const dice = await send({ _: 'inputMediaDice', emoticon: '🎯' }, '');
      expect((await newest(bob, alice))['media']).toEqual(dice['media']);
      await send({ _: 'inputMediaVenue', geo_point: point(1.5, 2.5), title: 'Café', address: 'here', provider: '', venue_id: '', venue_type: '' });
      expect(await newest(bob, alice)).toMatchObject({ media: { _: 'messageMediaVenue', title: 'Café', geo: { lat: 1.5, long: 2.5 } } });

      const live = await send({ _: 'inputMediaGeoLive', geo_point: point(10.5, 20.25), period: 900 });
      const id = live['id'] as number;
      const edit = (media: object): Promise<Plain> => alice.client.invoke('messages.editMessage', { peer: peerOf(bob), id, media: { _: 'inputMediaGeoLive', ...media } });
      await edit({ geo_point: point(11.5, 21.25) });
      await tablet.client.sees('the place that moved', (event) => event.kind === 'edit' && event.id === id);
      expect(await newest(bob, alice)).toMatchObject({ media: { _: 'messageMediaGeoLive', geo: { lat: 11.5, long: 21.25 }, period: 900 } });
      const shared = await bob.client.invoke('messages.getRecentLocations', { peer: peerOf(alice), limit: 5, hash: NO_HASH });
      expect(shared['messages']).toHaveLength(1);
      await edit({ geo_point: point(11.5, 21.25), stopped: true });

      const found = await alice.client.invoke('messages.getSearchResultsCalendar', { peer: peerOf(bob), filter: { _: 'inputMessagesFilterGeo' }, offset_id: 0, offset_date: 0 });
      expect(found).toMatchObject({ count: 2, periods: [{ count: 2, max_msg_id: id }] });

      const url = `http://127.0.0.1:${env['AEROGRAM_LINK_PREVIEW_PORTS']}/${acts}`;
      await alice.client.send({ peer: bob.id, text: `read ${url}` });
      await bob.client.seesMessage(`read ${url}`);
      for (const { client } of [tablet, bob]) await client.seesUpdate('updateWebPage');
      expect(await newest(bob, alice)).toMatchObject({ media: { _: 'messageMediaWebPage', webpage: { _: 'webPage', url, title: 'A page', description: 'about nothing' } } });
      await leave(household);
      expect(libraries.server.output).not.toMatch(/unhandled|uncaught/i);
    });
  }
});
