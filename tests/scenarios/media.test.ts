import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findSentId, verifyUpdates, type Actor } from '@aerogram/dev-env';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const point = (lat: number, long: number): tl.RawInputGeoPoint => ({ _: 'inputGeoPoint', lat, long, accuracyRadius: 20 });
const contact = (phoneNumber: string): tl.RawInputMediaContact => ({ _: 'inputMediaContact', phoneNumber, firstName: 'Zoë', lastName: 'Quux', vcard: '' });

interface More {
  message?: string;
  randomId?: Long;
  replyToMsgId?: number;
  scheduleDate?: number;
}

/** Sends media; returns the id of the sender's copy. */
async function sendMedia(from: Actor, to: Actor, media: tl.TypeInputMedia, { message = '', randomId = randomLong(), replyToMsgId, ...more }: More = {}): Promise<number> {
  await from.meet(to);
  const replyTo = replyToMsgId === undefined ? {} : { replyTo: { _: 'inputReplyToMessage' as const, replyToMsgId } };
  return findSentId(await from.main.change({ _: 'messages.sendMedia', peer: from.main.inputPeer(to.id), media, message, randomId, ...replyTo, ...more }));
}

/** The media of a message as its owner reads it. */
async function mediaOf(actor: Actor, id: number): Promise<tl.TypeMessageMedia | undefined> {
  const found = await actor.main.call({ _: 'messages.getMessages', id: [{ _: 'inputMessageID', id }] });
  const [message] = found._ === 'messages.messagesNotModified' ? [] : found.messages;
  return message?._ === 'message' ? message.media : undefined;
}

async function pair(): Promise<[Actor, Actor]> {
  return [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
}

test('places, contacts, venues and dice reach all devices unchanged', async () => {
  const [alice, bob] = await pair();
  await alice.device();
  const carol = await scenario.world.user('Carol');
  await alice.meet(carol);
  const hello = await alice.send(bob, 'look');
  await verifyUpdates([alice, bob], async () => {
    const place = await sendMedia(alice, bob, { _: 'inputMediaGeoPoint', geoPoint: point(59.9343, 30.3351) }, { message: 'here', replyToMsgId: hello.id });
    expect((await bob.sees('here')).reply_to).toBe((await bob.sees('look')).id);
    expect(await mediaOf(alice, place)).toMatchObject({ _: 'messageMediaGeo', geo: { lat: 59.9343, long: 30.3351, accuracyRadius: 20 } });

    const known = await sendMedia(alice, bob, contact(`+${carol.phone}`));
    expect(await mediaOf(alice, known)).toMatchObject({ _: 'messageMediaContact', phoneNumber: `+${carol.phone}`, userId: carol.id, firstName: 'Zoë' });
    // Bob is not a contact of Alice: this must not show her that the number is in use.
    const dave = await scenario.world.user('Dave');
    expect(await mediaOf(alice, await sendMedia(alice, bob, contact(dave.phone)))).toMatchObject({ phoneNumber: dave.phone, userId: 0 });

    const venue = await sendMedia(alice, bob, { _: 'inputMediaVenue', geoPoint: point(1, 2), title: 'Café  Lumière', address: 'Main St 1', provider: 'foursquare', venueId: 'v1', venueType: 'food' });
    expect(await mediaOf(alice, venue)).toMatchObject({ _: 'messageMediaVenue', title: 'Café  Lumière', venueId: 'v1' });

    const randomId = randomLong();
    const thrown = await sendMedia(alice, bob, { _: 'inputMediaDice', emoticon: '🎲' }, { randomId });
    const dice = await mediaOf(alice, thrown);
    if (dice?._ !== 'messageMediaDice') throw new Error('no dice');
    expect(dice.value).toBeGreaterThanOrEqual(1);
    expect(dice.value).toBeLessThanOrEqual(6);
    // A repeated request does not roll the dice again.
    expect(await sendMedia(alice, bob, { _: 'inputMediaDice', emoticon: '🎲' }, { randomId })).toBe(thrown);
    await alice.forward([{ ...hello, id: thrown }], bob);
    expect(await mediaOf(alice, thrown + 1)).toEqual(dice);
  });
});

test('invalid media, media with files, and values out of range are refused', async () => {
  const [alice, bob] = await pair();
  await alice.meet(bob);
  const peer = alice.main.inputPeer(bob.id);
  const fails = async (media: tl.TypeInputMedia, message = ''): Promise<string> =>
    (await alice.main.fails({ _: 'messages.sendMedia', peer, media, message, randomId: randomLong() })).text;
  const live = (more: Partial<tl.RawInputMediaGeoLive>): tl.RawInputMediaGeoLive => ({ _: 'inputMediaGeoLive', geoPoint: point(1, 1), period: 600, ...more });
  expect(await fails({ _: 'inputMediaEmpty' })).toBe('MEDIA_EMPTY');
  expect(await fails({ _: 'inputMediaPhoto', id: { _: 'inputPhotoEmpty' } })).toBe('MEDIA_INVALID');
  // This server fetches nothing.
  expect(await fails({ _: 'inputMediaDocumentExternal', url: 'http://127.0.0.1/x' })).toBe('WEBPAGE_CURL_FAILED');
  expect(await fails({ _: 'inputMediaPaidMedia', starsAmount: Long.fromNumber(5), extendedMedia: [{ _: 'inputMediaPhoto', id: { _: 'inputPhotoEmpty' } }] })).toBe('MEDIA_INVALID');
  expect(await fails({ _: 'inputMediaGeoPoint', geoPoint: point(90.1, 0) })).toBe('GEO_POINT_INVALID');
  expect(await fails({ _: 'inputMediaGeoPoint', geoPoint: point(Number.NaN, 0) })).toBe('GEO_POINT_INVALID');
  expect(await fails({ _: 'inputMediaGeoPoint', geoPoint: { _: 'inputGeoPointEmpty' } })).toBe('GEO_POINT_INVALID');
  expect(await fails(live({ period: 59 }))).toBe('MEDIA_INVALID');
  expect(await fails(live({ period: 86_401 }))).toBe('MEDIA_INVALID');
  expect(await fails(live({ heading: 361 }))).toBe('MEDIA_INVALID');
  expect(await fails(live({ stopped: true }))).toBe('MEDIA_INVALID');
  expect(await fails({ _: 'inputMediaDice', emoticon: '🙂' })).toBe('EMOTICON_INVALID');
  expect(await fails({ _: 'inputMediaDice', emoticon: '' })).toBe('EMOTICON_EMPTY');
  expect(await fails({ ...contact('+1'), firstName: ' ', lastName: '' })).toBe('CONTACT_NAME_EMPTY');
  expect(await fails(contact('call me'))).toBe('PHONE_NUMBER_INVALID');
  expect(await fails({ _: 'inputMediaGeoPoint', geoPoint: point(1, 1) }, 'x'.repeat(1025))).toBe('MEDIA_CAPTION_TOO_LONG');
  // Without internet access there are no previews; a request that requires one gets an error.
  expect(await fails({ _: 'inputMediaWebPage', url: 'https://example.org/' }, 'see example.org')).toBe('WEBPAGE_CURL_FAILED');
  expect(await fails({ _: 'inputMediaWebPage', url: 'file:///etc/passwd' }, 'see')).toBe('WEBPAGE_MEDIA_EMPTY');
  const sent = await sendMedia(alice, bob, { _: 'inputMediaWebPage', url: 'https://example.org/', optional: true }, { message: 'see example.org' });
  expect(await mediaOf(alice, sent)).toBeUndefined();
});

test('a live location moves, is extended and stops, and is listed while it is live', async () => {
  const [alice, bob] = await pair();
  const tablet = await alice.device();
  await bob.meet(alice);
  const recent = async (actor: Actor, other: Actor): Promise<number[]> => {
    const found = await actor.main.call({ _: 'messages.getRecentLocations', peer: actor.main.inputPeer(other.id), limit: 10, hash: Long.ZERO });
    return found._ === 'messages.messagesNotModified' ? [] : found.messages.map((message) => message.id);
  };
  await verifyUpdates([alice, bob], async () => {
    const id = await sendMedia(alice, bob, { _: 'inputMediaGeoLive', geoPoint: point(10, 20), period: 900, heading: 90, proximityNotificationRadius: 50 });
    const peer = alice.main.inputPeer(bob.id);
    const edit = (media: Partial<tl.RawInputMediaGeoLive>): Promise<tl.TypeUpdates> =>
      alice.main.change({ _: 'messages.editMessage', peer, id, media: { _: 'inputMediaGeoLive', geoPoint: point(10, 20), ...media } });
    expect(await recent(alice, bob)).toEqual([id]);
    expect(await recent(bob, alice)).toHaveLength(1);
    await edit({ geoPoint: point(11, 21), heading: 180 });
    const moved = await tablet.seesUpdate('updateEditMessage', (update) => update.message.id === id);
    expect(moved.message).toMatchObject({ editHide: true, media: { _: 'messageMediaGeoLive', geo: { lat: 11, long: 21 }, heading: 180, period: 900 } });
    await edit({ geoPoint: point(11, 21), period: 3600 });
    expect(await mediaOf(alice, id)).toMatchObject({ period: 3600 });
    expect((await alice.main.fails({ _: 'messages.editMessage', peer, id, media: { _: 'inputMediaGeoLive', geoPoint: point(1, 1), period: 0x7ffffff0 } })).text).toBe('MEDIA_INVALID');
    expect((await alice.main.fails({ _: 'messages.editMessage', peer, id, message: 'words' })).text).toBe('MEDIA_PREV_INVALID');
    expect((await alice.main.fails({ _: 'messages.editMessage', peer, id, media: { _: 'inputMediaDice', emoticon: '🎲' } })).text).toBe('MEDIA_NEW_INVALID');
    // In other places it is the place where it was.
    const carol = await scenario.world.user('Carol');
    await alice.forward([{ ...(await alice.send(bob, 'and')), id }], carol);
    const [copy] = [...carol.main.state.messages.values()].slice(-1);
    await carol.main.waitUntil('the place', () => carol.main.state.messages.size > 0);
    expect(await mediaOf(carol, copy?.id ?? [...carol.main.state.messages.keys()].at(-1)!)).toMatchObject({ _: 'messageMediaGeo', geo: { lat: 11 } });

    await edit({ stopped: true, geoPoint: { _: 'inputGeoPointEmpty' } });
    const stopped = await mediaOf(alice, id);
    if (stopped?._ !== 'messageMediaGeoLive') throw new Error('no location');
    expect(stopped.period).toBeLessThan(60);
    expect(stopped.geo).toMatchObject({ lat: 11, long: 21 });
  });
  const text = await alice.send(bob, 'no place');
  expect((await alice.main.fails({ _: 'messages.editMessage', peer: alice.main.inputPeer(bob.id), id: text.id, media: { _: 'inputMediaGeoLive', geoPoint: point(1, 1) } })).text).toBe('MEDIA_PREV_INVALID');
});

test('media can be scheduled like texts; dice are rolled when sent', async () => {
  const [alice, bob] = await pair();
  const scheduleDate = Math.floor(Date.now() / 1000) + 3600;
  await alice.meet(bob);
  const peer = alice.main.inputPeer(bob.id);
  const answer = await alice.main.change({ _: 'messages.sendMedia', peer, media: { _: 'inputMediaDice', emoticon: '🎯' }, message: '', randomId: randomLong(), scheduleDate });
  if (answer._ !== 'updates') throw new Error(answer._);
  const [waiting] = answer.updates.flatMap((update) => (update._ === 'updateNewScheduledMessage' ? [update.message] : []));
  expect(waiting).toMatchObject({ media: { _: 'messageMediaDice', value: 0 } });
  await alice.main.change({ _: 'messages.sendScheduledMessages', peer, id: [waiting!.id] });
  const id = [...alice.main.state.messages.keys()].at(-1)!;
  const thrown = await mediaOf(alice, id);
  expect(thrown?._ === 'messageMediaDice' ? thrown.value : 0).toBeGreaterThan(0);
});

test('sent media are found by kind, by name, by day and by position', async () => {
  const [alice, bob] = await pair();
  await sendMedia(alice, bob, contact('+1 555 000 1111'));
  await sendMedia(alice, bob, { _: 'inputMediaVenue', geoPoint: point(1, 2), title: 'Lumière', address: '', provider: '', venueId: '', venueType: '' });
  const places: number[] = [];
  for (let n = 0; n < 5; n++) places.push(await sendMedia(alice, bob, { _: 'inputMediaGeoPoint', geoPoint: point(n, n) }));
  await alice.send(bob, 'see https://example.org/a and example.com, e.g. file.txt');
  const peer = alice.main.inputPeer(bob.id);
  const geo = { _: 'inputMessagesFilterGeo' } as const;
  const filters = [geo, { _: 'inputMessagesFilterContacts' }, { _: 'inputMessagesFilterUrl' }, { _: 'inputMessagesFilterPhotos' }] as const;
  const counters = await alice.main.call({ _: 'messages.getSearchCounters', peer, filters: [...filters] });
  expect(counters.map(({ count }) => count)).toEqual([6, 1, 1, 0]);

  const search = { _: 'messages.search', peer, minDate: 0, maxDate: 0, offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: Long.ZERO } as const;
  const idsOf = (found: tl.messages.TypeMessages): number[] => (found._ === 'messages.messagesNotModified' ? [] : found.messages.map((message) => message.id));
  expect(idsOf(await alice.main.call({ ...search, q: 'quu', filter: { _: 'inputMessagesFilterEmpty' } }))).toHaveLength(1);
  expect(idsOf(await alice.main.call({ ...search, q: 'lumiere', filter: geo }))).toHaveLength(1);

  const calendar = await alice.main.call({ _: 'messages.getSearchResultsCalendar', peer, filter: geo, offsetId: 0, offsetDate: 0 });
  expect(calendar.count).toBe(6);
  expect(calendar.periods.reduce((sum, period) => sum + period.count, 0)).toBe(6);
  expect(calendar.periods[0]).toMatchObject({ maxMsgId: places.at(-1) });
  expect(calendar.periods[0]!.date % 86_400).toBe(0);
  expect(calendar.messages.map((message) => message.id)).toContain(places.at(-1));
  expect(await alice.main.call({ _: 'messages.getSearchResultsCalendar', peer, filter: geo, offsetId: places[2]!, offsetDate: 0 })).toMatchObject({ count: 6, offsetIdOffset: 3 });

  const positions = await alice.main.call({ _: 'messages.getSearchResultsPositions', peer, filter: geo, offsetId: 0, limit: 3 });
  expect(positions.count).toBe(6);
  expect(positions.positions.map(({ msgId, offset }) => [msgId, offset])).toEqual([[places[4], 0], [places[2], 2], [places[0], 4]]);
  expect((await alice.main.call({ _: 'messages.getSearchResultsPositions', peer, filter: geo, offsetId: places[3]!, limit: 50 })).positions[0]).toMatchObject({ msgId: places[2], offset: 2 });

  expect(idsOf(await bob.main.call({ _: 'messages.searchSentMedia', q: '', filter: geo, limit: 10 }))).toEqual([]);
  expect(idsOf(await alice.main.call({ _: 'messages.searchSentMedia', q: '', filter: geo, limit: 2 }))).toEqual([places[4], places[3]]);
  for (const request of [
    { _: 'messages.searchSentMedia', q: '', filter: { _: 'inputMessagesFilterEmpty' }, limit: 10 },
    { _: 'messages.getSearchResultsPositions', peer, filter: { _: 'inputMessagesFilterEmpty' }, offsetId: 0, limit: 3 },
    { _: 'messages.getSearchResultsCalendar', peer, filter: { _: 'inputMessagesFilterEmpty' }, offsetId: 0, offsetDate: 0 },
  ] as const) expect((await alice.main.fails(request)).text).toBe('FILTER_NOT_SUPPORTED');
});
