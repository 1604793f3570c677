import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Device } from '@aerogram/dev-env';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** The hash over a list of numbers, as clients compute it (core.telegram.org/api/offsets#hash-generation). */
function hashOf(numbers: Iterable<Long | number>): string {
  const mask = (1n << 64n) - 1n;
  let hash = 0n;
  for (const number of numbers) {
    hash ^= hash >> 21n;
    hash = (hash ^ (hash << 35n)) & mask;
    hash ^= hash >> 4n;
    hash = (hash + BigInt(number.toString())) & mask;
  }
  return BigInt.asIntN(64, hash).toString();
}

const PURPOSES: readonly tl.TypeInputStickerSet['_'][] = [
  'inputStickerSetAnimatedEmoji', 'inputStickerSetAnimatedEmojiAnimations', 'inputStickerSetEmojiGenericAnimations', 'inputStickerSetEmojiDefaultStatuses',
  'inputStickerSetEmojiChannelDefaultStatuses', 'inputStickerSetEmojiDefaultTopicIcons', 'inputStickerSetPremiumGifts', 'inputStickerSetTonGifts',
];
const DICE = ['🎲', '🎯', '🏀', '⚽', '🎳', '🎰'];
const LISTS = ['messages.getAllStickers', 'messages.getMaskStickers', 'messages.getEmojiStickers'] as const;
const FEATURED = ['messages.getFeaturedStickers', 'messages.getFeaturedEmojiStickers'] as const;
const GROUPS = ['messages.getEmojiGroups', 'messages.getEmojiStickerGroups', 'messages.getEmojiStatusGroups', 'messages.getEmojiProfilePhotoGroups'] as const;
const EMOJI_LISTS = [
  'account.getDefaultEmojiStatuses', 'account.getChannelDefaultEmojiStatuses', 'account.getDefaultBackgroundEmojis', 'account.getDefaultProfilePhotoEmojis', 'account.getDefaultGroupPhotoEmojis',
] as const;
const TYPES = ['image/webp', 'application/x-tgsticker', 'video/webm'];
/** Sets that show documents of other sets, and of reactions, which have none of their own. */
const BORROWING = /Statuses|TopicIcons/;

type Whole = tl.messages.RawStickerSet;
const wholeOf = async (device: Device, stickerset: tl.TypeInputStickerSet): Promise<Whole> => (await device.call({ _: 'messages.getStickerSet', stickerset, hash: 0 })) as Whole;

/** What clients demand of a set; they log an error, or load the set again and again, where one of these does not hold. */
function faultsOf({ set, packs, keywords, documents }: Whole): string[] {
  const faults: string[] = [];
  const demand = (name: string, holds: boolean): void => void (holds || faults.push(`${set.shortName}: ${name}`));
  const ids = new Set(documents.map(({ id }) => id.toString()));
  demand('count', set.count === documents.length && ids.size === documents.length);
  demand('hash', documents.length === 0 ? set.hash === 0 : set.hash !== 0);
  demand('packs', packs.every(({ emoticon, documents: named }) => emoticon !== '' && named.length > 0 && named.every((id) => ids.has(id.toString()))));
  demand('each in a pack', new Set(packs.flatMap(({ documents: named }) => named.map(String))).size === ids.size);
  demand('keywords', new Set(keywords.map(({ documentId }) => documentId.toString())).size === keywords.length && keywords.every(({ documentId }) => ids.has(documentId.toString())));
  for (const document of documents) {
    if (document._ !== 'document') {
      demand(document._, false);
      continue;
    }
    const about = document.attributes.find((one) => one._ === 'documentAttributeSticker' || one._ === 'documentAttributeCustomEmoji');
    demand('kind', about?._ === (set.emojis ? 'documentAttributeCustomEmoji' : 'documentAttributeSticker'));
    const own = about?.stickerset;
    demand('its set', own?._ === 'inputStickerSetID' && (BORROWING.test(set.shortName) || (own.id.equals(set.id) && own.accessHash.equals(set.accessHash))));
    demand('alt', about !== undefined && about.alt !== '');
    demand('free', about?._ !== 'documentAttributeCustomEmoji' || about.free === true);
    demand('sides', document.attributes.some(({ _ }) => _ === 'documentAttributeImageSize' || _ === 'documentAttributeVideo'));
    demand('type', TYPES.includes(document.mimeType));
    demand('thumbs', (document.thumbs ?? []).every((size) => 'type' in size && ['m', 's', 't', 'j'].includes(size.type)));
  }
  return faults;
}

test('every set and every list of a fresh server holds to the laws that clients compute', async () => {
  const [{ main }, { main: other }] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  const faults: string[] = [];
  const sets = new Map<string, Whole>();
  const note = async (stickerset: tl.TypeInputStickerSet): Promise<Whole> => {
    const whole = await wholeOf(main, stickerset);
    faults.push(...faultsOf(whole));
    sets.set(whole.set.id.toString(), whole);
    return whole;
  };

  for (const purpose of PURPOSES) await note({ _: purpose } as tl.TypeInputStickerSet);
  for (const emoticon of DICE) await note({ _: 'inputStickerSetDice', emoticon });
  for (const method of LISTS) {
    const list = (await main.call({ _: method, hash: Long.ZERO })) as tl.messages.RawAllStickers;
    const kinds = list.sets.map(({ emojis = false, masks = false, archived = false, installedDate = 0 }) => [emojis, masks, archived, installedDate > 0]);
    expect(kinds, method).toEqual(list.sets.map(() => [method === 'messages.getEmojiStickers', method === 'messages.getMaskStickers', false, true]));
    expect(list.hash.toString(), method).toBe(hashOf(list.sets.map(({ hash }) => hash)));
    expect(await main.call({ _: method, hash: list.hash }), method).toEqual(list.sets.length === 0 ? list : { _: 'messages.allStickersNotModified' });
    for (const { id, accessHash } of list.sets) expect((await note({ _: 'inputStickerSetID', id, accessHash })).set).toEqual(list.sets.find((one) => one.id.equals(id)));
  }
  for (const method of FEATURED) {
    const list = (await main.call({ _: method, hash: Long.ZERO })) as tl.messages.RawFeaturedStickers;
    const unread = new Set(list.unread.map(String));
    expect(list.hash.toString(), method).toBe(hashOf(list.sets.flatMap(({ set: { id } }) => (unread.has(id.toString()) ? [id, 1] : [id]))));
    expect([...unread].every((id) => list.sets.some(({ set }) => set.id.toString() === id))).toBe(true);
    for (const { set: { id, accessHash } } of list.sets) await note({ _: 'inputStickerSetID', id, accessHash });
  }
  expect(faults).toEqual([]);
  expect(sets.size).toBeGreaterThan(PURPOSES.length + DICE.length + 8);

  // Each set is found again by what clients keep of it, by anybody; a copy that is as new as the server's is not sent again.
  for (const { set: { id, accessHash, shortName, hash, count } } of sets.values()) {
    expect((await wholeOf(other, { _: 'inputStickerSetID', id, accessHash })).set, shortName).toMatchObject({ id, accessHash, hash, count });
    expect((await wholeOf(other, { _: 'inputStickerSetShortName', shortName })).set, shortName).toMatchObject({ id, accessHash, hash });
    if (hash !== 0) expect(await other.call({ _: 'messages.getStickerSet', stickerset: { _: 'inputStickerSetID', id, accessHash }, hash }), shortName).toEqual({ _: 'messages.stickerSetNotModified' });
  }

  // What is named by its id alone can be loaded, in the order in which it is asked for.
  const named: Long[] = [];
  for (const method of EMOJI_LISTS) {
    const list = await main.call({ _: method, hash: Long.ZERO });
    if ('documentId' in list) named.push(...list.documentId);
    else if ('statuses' in list) named.push(...list.statuses.flatMap((status) => (status._ === 'emojiStatus' ? [status.documentId] : [])));
  }
  for (const method of GROUPS) {
    const { groups } = (await main.call({ _: method, hash: 0 })) as tl.messages.RawEmojiGroups;
    named.push(...groups.map(({ iconEmojiId }) => iconEmojiId));
  }
  const wanted = [...new Map(named.map((id) => [id.toString(), id])).values()];
  const loaded: tl.TypeDocument[] = [];
  for (let at = 0; at < wanted.length; at += 200) loaded.push(...(await main.call({ _: 'messages.getCustomEmojiDocuments', documentId: wanted.slice(at, at + 200) })));
  expect(loaded.map((one) => `${one._} ${one.id.toString()}`)).toEqual(wanted.map((id) => `document ${id.toString()}`));

  const effects = (await main.call({ _: 'messages.getAvailableEffects', hash: 0 })) as tl.messages.RawAvailableEffects;
  const files = new Map(effects.documents.map((one) => [one.id.toString(), one as tl.RawDocument]));
  for (const { staticIconId, effectStickerId, effectAnimationId } of effects.effects) {
    expect(files.get(staticIconId!.toString())?.mimeType).toBe('image/webp');
    expect([effectStickerId, effectAnimationId!].map((id) => files.get(id.toString())?.mimeType)).toEqual([TYPES[1], TYPES[1]]);
  }
  const order = effects.effects.map(({ effectAnimationId }) => effectAnimationId === undefined);
  expect(order).toEqual(order.toSorted((one, another) => Number(one) - Number(another)));
  const themes = (await main.call({ _: 'account.getChatThemes', hash: Long.ZERO })) as tl.account.RawThemes;
  for (const { forChat, emoticon = '', settings = [] } of themes.themes) expect([forChat, emoticon !== '', settings.map(({ wallpaper }) => wallpaper !== undefined)]).toEqual([true, true, [true, true]]);
});

test('lists of documents have the hash that clients compute, also after they have changed', async () => {
  const { main } = await scenario.world.user('Alice');
  const { documents } = await wholeOf(main, { _: 'inputStickerSetShortName', shortName: 'AerogramAnimals' });
  for (const document of documents.slice(0, 3)) {
    const { id, accessHash, fileReference } = document as tl.RawDocument;
    const input: tl.RawInputDocument = { _: 'inputDocument', id, accessHash, fileReference };
    await main.change({ _: 'messages.faveSticker', id: input, unfave: false });
    await main.change({ _: 'messages.saveRecentSticker', id: input, unsave: false });
  }
  const faved = (await main.call({ _: 'messages.getFavedStickers', hash: Long.ZERO })) as tl.messages.RawFavedStickers;
  const recent = (await main.call({ _: 'messages.getRecentStickers', hash: Long.ZERO })) as tl.messages.RawRecentStickers;
  for (const { hash, stickers } of [faved, recent]) {
    expect(stickers).toHaveLength(3);
    // Clients take the upper half of each id, then the lower one, or the id at once: both give the same number.
    expect(hash.toString()).toBe(hashOf(stickers.map(({ id }) => id)));
  }
});
