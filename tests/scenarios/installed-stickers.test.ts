import { Long, type tl } from '@mtcute/node';
import { verifyUpdates, type Actor, type Device } from '@aerogram/dev-env';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
let alice: Actor;
let main: Device;
let other: Device;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());
beforeEach(async () => {
  alice = await scenario.world.user('Alice');
  ({ main } = alice);
  other = await alice.device();
});

const named = (shortName: string): tl.RawInputStickerSetShortName => ({ _: 'inputStickerSetShortName', shortName });
const DEFAULT_EMOJI = ['AerogramFaceEmoji', 'AerogramGestureEmoji', 'AerogramAnimalEmoji', 'AerogramFoodEmoji'];

async function list(method: 'messages.getAllStickers' | 'messages.getEmojiStickers', device = other): Promise<string[]> {
  const found = await device.call({ _: method, hash: Long.ZERO });
  if (found._ !== 'messages.allStickers') throw new Error(found._);
  for (const { archived, installedDate } of found.sets) expect([archived, installedDate! > 0]).toEqual([false, true]);
  return found.sets.map(({ shortName }) => shortName);
}

async function archived(more: { emojis?: true; offsetId?: Long; limit?: number } = {}): Promise<{ count: number; names: string[] }> {
  const { count, sets } = await other.call({ _: 'messages.getArchivedStickers', offsetId: Long.ZERO, limit: 10, ...more });
  for (const { set } of sets) expect(set.archived).toBe(true);
  return { count, names: sets.map(({ set }) => set.shortName) };
}

async function find(shortName: string, device = other): Promise<tl.messages.RawStickerSet> {
  return (await device.call({ _: 'messages.getStickerSet', stickerset: named(shortName), hash: 0 })) as tl.messages.RawStickerSet;
}
const install = (shortName: string, isArchived = false) => main.change({ _: 'messages.installStickerSet', stickerset: named(shortName), archived: isArchived });
const SUCCESS = { _: 'messages.stickerSetInstallResultSuccess' };

test('a set is installed on top of the default list, once; the other device is told', async () => {
  const before = (await find('AerogramSignEmoji')).set;
  expect(before.installedDate).toBeUndefined();
  await verifyUpdates([alice], async () => {
    expect(await install('AerogramSignEmoji')).toMatchObject(SUCCESS);
    expect(await install('AerogramSignEmoji')).toMatchObject(SUCCESS);
    await other.seesUpdate('updateStickerSets', ({ emojis }) => emojis === true);
  });
  const found = await find('AerogramSignEmoji');
  expect(found.set.installedDate).toBeGreaterThan(0);
  expect(await list('messages.getEmojiStickers')).toEqual(['AerogramSignEmoji', ...DEFAULT_EMOJI]);
  expect(await list('messages.getAllStickers')).toEqual(['AerogramFaces', 'AerogramAnimals']);
  // Nobody else has it.
  const bob = await scenario.world.user('Bob');
  expect(await list('messages.getEmojiStickers', bob.main)).toEqual(DEFAULT_EMOJI);
  expect((await find('AerogramSignEmoji', bob.main)).set.installedDate).toBeUndefined();
});

test('sets are removed, also all of them, and stay removed', async () => {
  await verifyUpdates([alice], async () => {
    for (const name of ['AerogramFaces', 'AerogramAnimals', 'AerogramFaces']) expect(await main.change({ _: 'messages.uninstallStickerSet', stickerset: named(name) })).toBe(true);
    await other.seesUpdate('updateStickerSets', (update) => !update.emojis);
  });
  expect(await list('messages.getAllStickers')).toEqual([]);
  expect(await main.call({ _: 'messages.getAllStickers', hash: Long.ZERO })).toMatchObject({ hash: Long.ZERO });
  expect((await find('AerogramFaces')).set.installedDate).toBeUndefined();
  // They are found all the same.
  expect(await main.call({ _: 'messages.getStickers', emoticon: '😀', hash: Long.ZERO })).toMatchObject({ stickers: [{ _: 'document' }] });
  expect(await install('AerogramAnimals')).toMatchObject(SUCCESS);
  expect(await list('messages.getAllStickers')).toEqual(['AerogramAnimals']);
});

test('an archived set is listed apart, newest first, a page at a time, and comes back on top', async () => {
  const sets = ['AerogramFoodEmoji', 'AerogramFlagEmoji'].map(named);
  await verifyUpdates([alice], async () => {
    expect(await install('AerogramFlagEmoji', true)).toMatchObject(SUCCESS);
    for (let n = 0; n < 2; n++) expect(await main.change({ _: 'messages.toggleStickerSets', archive: true, stickersets: sets })).toBe(true);
    await other.seesUpdate('updateStickerSets', (update) => update.emojis === true);
  });
  expect(await list('messages.getEmojiStickers')).toEqual(DEFAULT_EMOJI.slice(0, 3));
  expect(await archived({ emojis: true })).toEqual({ count: 2, names: ['AerogramFoodEmoji', 'AerogramFlagEmoji'] });
  expect(await archived()).toEqual({ count: 0, names: [] });
  const { set } = await find('AerogramFoodEmoji');
  expect(set.archived).toBe(true);
  expect(await archived({ emojis: true, limit: 1 })).toEqual({ count: 2, names: ['AerogramFoodEmoji'] });
  expect(await archived({ emojis: true, offsetId: set.id })).toEqual({ count: 2, names: ['AerogramFlagEmoji'] });
  await verifyUpdates([alice], async () => {
    expect(await main.change({ _: 'messages.toggleStickerSets', unarchive: true, stickersets: sets })).toBe(true);
    expect(await main.change({ _: 'messages.toggleStickerSets', uninstall: true, stickersets: [named('AerogramFaceEmoji'), named('AerogramMoreFlagEmoji')] })).toBe(true);
  });
  expect(await list('messages.getEmojiStickers')).toEqual(['AerogramFoodEmoji', 'AerogramFlagEmoji', 'AerogramGestureEmoji', 'AerogramAnimalEmoji']);
  expect(await archived({ emojis: true })).toEqual({ count: 0, names: [] });
});

test('an order is kept: unknown ids are left out, and sets that are not named follow', async () => {
  const ids = new Map<string, Long>();
  for (const name of DEFAULT_EMOJI) ids.set(name, (await find(name)).set.id);
  const [faces, gestures, animals, food] = DEFAULT_EMOJI as [string, string, string, string];
  const order = [food, animals].map((name) => ids.get(name)!);
  await verifyUpdates([alice], async () => {
    for (let n = 0; n < 2; n++) expect(await main.change({ _: 'messages.reorderStickerSets', emojis: true, order: [Long.ONE, ...order, order[0]!] })).toBe(true);
    await other.seesUpdate('updateStickerSetsOrder', ({ emojis, order: told }) =>
      emojis === true && told.map(String).join() === [food, animals, faces, gestures].map((name) => String(ids.get(name))).join());
  });
  expect(await list('messages.getEmojiStickers')).toEqual([food, animals, faces, gestures]);
  expect(await list('messages.getAllStickers')).toEqual(['AerogramFaces', 'AerogramAnimals']);
});

test('two devices that order the sets at the same time end with one order, which both know', async () => {
  const ids = new Map<string, Long>();
  for (const name of DEFAULT_EMOJI) ids.set(name, (await find(name)).set.id);
  const orders = [DEFAULT_EMOJI.toReversed(), [DEFAULT_EMOJI[2]!, DEFAULT_EMOJI[0]!, DEFAULT_EMOJI[3]!, DEFAULT_EMOJI[1]!]];
  await verifyUpdates([alice], async () => {
    for (let n = 0; n < 5; n++) {
      await Promise.all(orders.map((order, at) => (at === 0 ? main : other).change({ _: 'messages.reorderStickerSets', emojis: true, order: order.map((name) => ids.get(name)!) })));
      const [one, two] = [await list('messages.getEmojiStickers', main), await list('messages.getEmojiStickers', other)];
      expect(one).toEqual(two);
      expect(orders).toContainEqual(one);
    }
  });
});

test('sets that nobody can install are refused', async () => {
  for (const stickerset of [named('nobody'), named('AnimatedEmojies'), { _: 'inputStickerSetEmojiDefaultStatuses' } as const, { _: 'inputStickerSetEmpty' } as const]) {
    expect(await main.fails({ _: 'messages.installStickerSet', stickerset, archived: false })).toEqual({ code: 400, text: 'STICKERSET_INVALID' });
    expect(await main.fails({ _: 'messages.uninstallStickerSet', stickerset })).toEqual({ code: 400, text: 'STICKERSET_INVALID' });
    expect(await main.fails({ _: 'messages.toggleStickerSets', archive: true, stickersets: [named('AerogramFaces'), stickerset] })).toEqual({ code: 400, text: 'STICKERSET_INVALID' });
  }
  expect(await list('messages.getAllStickers')).toEqual(['AerogramFaces', 'AerogramAnimals']);
});

test('a set whose sticker or custom emoji is sent comes first, if the app asks for that', async () => {
  const [animals, gestures] = [await find('AerogramAnimals'), await find('AerogramGestureEmoji')];
  const [{ id, accessHash, fileReference }] = animals.documents as [tl.RawDocument];
  const [emoji] = gestures.documents as [tl.RawDocument];
  const media: tl.RawInputMediaDocument = { _: 'inputMediaDocument', id: { _: 'inputDocument', id, accessHash, fileReference } };
  const peer: tl.RawInputPeerSelf = { _: 'inputPeerSelf' };
  await verifyUpdates([alice], async () => {
    await main.change({ _: 'messages.sendMedia', peer, media, message: '', randomId: Long.fromNumber(71) });
    expect(await list('messages.getAllStickers')).toEqual(['AerogramFaces', 'AerogramAnimals']);
    await main.change({ _: 'messages.sendMedia', peer, media, message: '', randomId: Long.fromNumber(72), updateStickersetsOrder: true });
    await other.seesUpdate('updateMoveStickerSetToTop', ({ stickerset, emojis }) => stickerset.eq(animals.set.id) && !emojis);
    const entities: tl.TypeMessageEntity[] = [{ _: 'messageEntityCustomEmoji', offset: 0, length: 2, documentId: emoji.id }];
    await main.change({ _: 'messages.sendMessage', peer, message: '👍', entities, randomId: Long.fromNumber(73), updateStickersetsOrder: true });
    await other.seesUpdate('updateMoveStickerSetToTop', ({ stickerset, emojis }) => stickerset.eq(gestures.set.id) && emojis === true);
  });
  expect(await list('messages.getAllStickers')).toEqual(['AerogramAnimals', 'AerogramFaces']);
  expect((await list('messages.getEmojiStickers'))[0]).toBe('AerogramGestureEmoji');
});
