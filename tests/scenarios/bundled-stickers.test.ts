import { gunzipSync } from 'node:zlib';
import { FileLocation, Long, type tl } from '@mtcute/node';
import { downloadAsBuffer } from '@mtcute/node/methods.js';
import type { Actor, Device } from '@aerogram/dev-env';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
let alice: Actor;
let main: Device;
beforeAll(async () => {
  scenario = await startScenario();
  alice = await scenario.world.user('Alice');
  ({ main } = alice);
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const ANIMATED_EMOJI = { id: '1258816259751983', accessHash: '5100237018658464041', shortName: 'AnimatedEmojies' };
/** The short names of the sets that people are offered. */
const LISTED = ['AerogramFaces', 'AerogramAnimals', 'AerogramFaceEmoji', 'AerogramGestureEmoji', 'AerogramAnimalEmoji', 'AerogramFoodEmoji', 'AerogramSignEmoji', 'AerogramFlagEmoji', 'AerogramMoreFlagEmoji', 'AerogramIcons'];
const PURPOSES = [
  'inputStickerSetAnimatedEmoji', 'inputStickerSetAnimatedEmojiAnimations', 'inputStickerSetEmojiGenericAnimations', 'inputStickerSetEmojiDefaultTopicIcons',
  'inputStickerSetEmojiDefaultStatuses', 'inputStickerSetEmojiChannelDefaultStatuses',
] as const;
/** Purposes whose sets show documents of the set of icons. */
const OF_ICONS = ['EmojiDefaultTopicIcons', 'EmojiDefaultStatuses', 'EmojiChannelDefaultStatuses'];

async function find(stickerset: tl.TypeInputStickerSet, device = main): Promise<tl.messages.RawStickerSet> {
  const found = await device.call({ _: 'messages.getStickerSet', stickerset, hash: 0 });
  if (found._ !== 'messages.stickerSet') throw new Error(found._);
  return found;
}
const named = (shortName: string): tl.RawInputStickerSetShortName => ({ _: 'inputStickerSetShortName', shortName });
const idsOf = (documents: readonly tl.TypeDocument[]): string[] => documents.map(({ id }) => id.toString());

function setOf(document: tl.RawDocument): tl.RawInputStickerSetID {
  for (const attribute of document.attributes) if ('stickerset' in attribute && attribute.stickerset._ === 'inputStickerSetID') return attribute.stickerset;
  throw new Error('the document names no set');
}

/** What clients demand of a set. */
function checkSet({ set, packs, keywords, documents }: tl.messages.RawStickerSet): void {
  expect([set.shortName, set.count]).toEqual([set.shortName, documents.length]);
  expect(set.hash).toBeGreaterThan(0);
  const ids = idsOf(documents);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(packs.flatMap((pack) => pack.documents.map(String)))).toEqual(new Set(ids));
  for (const { emoticon } of packs) expect(emoticon).toMatch(/^[^\uFE0F]+$/);
  expect(new Set(packs.map(({ emoticon }) => emoticon)).size).toBe(packs.length);
  for (const { documentId } of keywords) expect(ids).toContain(documentId.toString());
  for (const document of documents) {
    if (document._ !== 'document') throw new Error('a set has no empty documents');
    expect(document.mimeType).toBe('application/x-tgsticker');
    expect(document.attributes).toContainEqual({ _: 'documentAttributeImageSize', w: 512, h: 512 });
    expect(document.thumbs).toMatchObject([{ _: 'photoSize', type: 'm' }]);
    const shown = document.attributes.find((one) => one._ === 'documentAttributeSticker' || one._ === 'documentAttributeCustomEmoji')!;
    expect(shown).toMatchObject(set.emojis ? { _: 'documentAttributeCustomEmoji', free: true, textColor: set.textColor } : { _: 'documentAttributeSticker' });
    if (!OF_ICONS.includes(set.shortName)) expect(setOf(document)).toEqual({ _: 'inputStickerSetID', id: set.id, accessHash: set.accessHash });
  }
}

async function load(document: tl.RawDocument, thumbSize = ''): Promise<Buffer> {
  const { id, accessHash, fileReference, dcId, size, thumbs } = document;
  const length = thumbSize === '' ? size : (thumbs![0] as tl.RawPhotoSize).size;
  return Buffer.from(await downloadAsBuffer(main.client, new FileLocation({ _: 'inputDocumentFileLocation', id, accessHash, fileReference, thumbSize }, length, dcId)));
}

describe('sets that ship with the server', () => {
  test.each(LISTED)('%s is as clients demand, and found by id and name, the same for everybody', async (shortName) => {
    const found = await find(named(shortName));
    checkSet(found);
    const { set } = found;
    const [byId, byName] = [{ _: 'inputStickerSetID', id: set.id, accessHash: set.accessHash }, named(shortName.toLowerCase())] as const;
    const bob = await scenario.world.user('Bob');
    expect(await find(byId, bob.main)).toEqual(found);
    expect(await find(byName)).toEqual(found);
    expect(await main.call({ _: 'messages.getStickerSet', stickerset: byId, hash: set.hash })).toEqual({ _: 'messages.stickerSetNotModified' });
    expect((await main.fails({ _: 'messages.getStickerSet', stickerset: { ...byId, accessHash: Long.ONE }, hash: 0 })).text).toBe('STICKERSET_INVALID');
  });

  test.each(PURPOSES)('the set of %s is as clients demand, and named by the id that it says', async (purpose) => {
    const found = await find({ _: purpose });
    checkSet(found);
    const { id, accessHash, shortName } = found.set;
    expect(await find({ _: 'inputStickerSetID', id, accessHash })).toEqual(found);
    expect(await find(named(shortName))).toEqual(found);
    // Icons belong to one set for ever, which has them all.
    if (OF_ICONS.includes(shortName)) {
      const owner = await find(setOf(found.documents[0] as tl.RawDocument));
      expect(owner.set.shortName).toBe('AerogramIcons');
      expect(idsOf(owner.documents)).toEqual(expect.arrayContaining(idsOf(found.documents)));
      expect(found.documents.length).toBeGreaterThan(80);
    }
  });

  test('animated emoji have the id and access hash that clients have built in; the id they had before still leads to them', async () => {
    const { set, documents } = await find({ _: 'inputStickerSetAnimatedEmoji' });
    expect({ id: set.id.toString(), accessHash: set.accessHash.toString(), shortName: set.shortName }).toEqual(ANIMATED_EMOJI);
    expect(documents.length).toBeGreaterThan(700);
    const builtIn = { _: 'inputStickerSetID', id: Long.fromString(ANIMATED_EMOJI.id), accessHash: Long.fromString(ANIMATED_EMOJI.accessHash) } as const;
    expect((await find(builtIn)).set).toEqual(set);
    expect((await find(named('AnimatedEmoji'))).set).toEqual(set);
  });

  test('a document is downloaded with its still picture, in parts, and only with its access hash', async () => {
    for (const shortName of ['AnimatedEmojies', 'AerogramFaces', 'AerogramIcons']) {
      const document = (await find(named(shortName))).documents.at(-1) as tl.RawDocument;
      const bytes = await load(document);
      expect(bytes).toHaveLength(document.size);
      expect(JSON.parse(gunzipSync(bytes).toString())).toMatchObject({ tgs: 1, w: 512, h: 512 });
      const still = await load(document, 'm');
      expect([still.toString('latin1', 0, 4), still.toString('latin1', 8, 12)]).toEqual(['RIFF', 'WEBP']);
      const { id, accessHash, fileReference } = document;
      const location = { _: 'inputDocumentFileLocation', id, accessHash, fileReference, thumbSize: '' } as const;
      const part = await main.call({ _: 'upload.getFile', location, offset: 0, limit: 4096 });
      if (part._ !== 'upload.file') throw new Error(part._);
      expect(Buffer.from(part.bytes)).toEqual(bytes.subarray(0, 4096));
      const fails = async (changed: Partial<tl.RawInputDocumentFileLocation>): Promise<string> => (await main.fails({ _: 'upload.getFile', location: { ...location, ...changed }, offset: 0, limit: 4096 })).text;
      expect(await fails({ accessHash: Long.ONE })).toBe('FILE_ID_INVALID');
      expect(await fails({ fileReference: new Uint8Array() })).toBe('FILE_REFERENCE_EMPTY');
      expect(await fails({ fileReference: new Uint8Array(9) })).toBe('FILE_REFERENCE_INVALID');
      expect(await fails({ thumbSize: 's' })).toBe('LOCATION_INVALID');
    }
  });

  test('custom emoji are found by their ids, one entry an id; stickers are none', async () => {
    const [faces, icons, stickers] = await Promise.all(['AerogramFaceEmoji', 'AerogramIcons', 'AerogramFaces'].map((name) => find(named(name))));
    const builtIn = ['5269590556232664327', '5390854796011906616', '5246772116543512028'].map((id) => Long.fromString(id));
    const [face, icon, sticker] = [faces!.documents[0]!, icons!.documents[0]!, stickers!.documents[0]!];
    const documentId = [icon.id, sticker.id, Long.ONE, face.id, face.id, ...builtIn];
    const found = await main.call({ _: 'messages.getCustomEmojiDocuments', documentId });
    expect(idsOf(found)).toEqual(documentId.map(String));
    expect(found.map(({ _ }) => _)).toEqual(['document', 'documentEmpty', 'documentEmpty', 'document', 'document', 'document', 'document', 'document']);
    expect([found[0], found[3]]).toEqual([icon, face]);
    for (const one of found.slice(5) as tl.RawDocument[]) expect((await load(one)).toString('latin1', 8, 12)).toBe('WEBP');
  });
});

/** The hash over a list of numbers, as clients compute it (core.telegram.org/api/offsets#hash-generation). */
function hashOf(numbers: readonly Long[]): Long {
  const mask = (1n << 64n) - 1n;
  let hash = 0n;
  for (const number of numbers) {
    hash ^= hash >> 21n;
    hash = (hash ^ (hash << 35n)) & mask;
    hash ^= hash >> 4n;
    hash = (hash + BigInt(number.toString())) & mask;
  }
  return Long.fromString(BigInt.asIntN(64, hash).toString());
}
const setsOf = (covered: readonly tl.TypeStickerSetCovered[]): tl.RawStickerSet[] => covered.map(({ set }) => set);

describe('lists of sets', () => {
  test.each([
    ['messages.getAllStickers', 'AerogramFaces AerogramAnimals'],
    ['messages.getEmojiStickers', 'AerogramFaceEmoji AerogramGestureEmoji AerogramAnimalEmoji AerogramFoodEmoji'],
    ['messages.getMaskStickers', ''],
  ] as const)('%s has what everybody has who has changed nothing, with the hash that clients compute', async (method, names) => {
    const found = await main.call({ _: method, hash: Long.ZERO });
    if (found._ !== 'messages.allStickers') throw new Error(found._);
    expect(found.sets.map(({ shortName }) => shortName).join(' ')).toBe(names);
    expect(found.hash).toEqual(hashOf(found.sets.map(({ hash }) => Long.fromInt(hash))));
    for (const set of found.sets) {
      expect([set.archived, set.masks, set.emojis]).toEqual([false, false, method === 'messages.getEmojiStickers']);
      expect(set.installedDate).toBeGreaterThan(0);
      expect((await find({ _: 'inputStickerSetID', id: set.id, accessHash: set.accessHash })).set).toEqual(set);
    }
    if (found.sets.length > 0) expect(await main.call({ _: method, hash: found.hash })).toEqual({ _: 'messages.allStickersNotModified' });
  });

  test('featured sets have the hash over their ids; none is unread', async () => {
    for (const [method, count] of [['messages.getFeaturedStickers', 2], ['messages.getFeaturedEmojiStickers', 8]] as const) {
      const found = await main.call({ _: method, hash: Long.ZERO });
      if (found._ !== 'messages.featuredStickers') throw new Error(found._);
      expect([found.count, found.sets.length, found.unread]).toEqual([count, count, []]);
      expect(found.hash).toEqual(hashOf(setsOf(found.sets).map(({ id }) => id)));
      expect(await main.call({ _: method, hash: found.hash })).toEqual({ _: 'messages.featuredStickersNotModified', count });
      expect(await main.call({ _: 'messages.readFeaturedStickers', id: setsOf(found.sets).map(({ id }) => id) })).toBe(true);
    }
    expect(await main.call({ _: 'messages.getOldFeaturedStickers', offset: 0, limit: 10, hash: Long.ZERO })).toMatchObject({ count: 0, sets: [] });
  });
});

describe('search', () => {
  const altOf = (document: tl.TypeDocument): string => {
    for (const one of (document as tl.RawDocument).attributes) if ('alt' in one) return one.alt;
    throw new Error('no emoji');
  };

  test('stickers by emoji, with the greetings; an empty emoji is an error', async () => {
    const ask = (emoticon: string, hash = Long.ZERO) => main.call({ _: 'messages.getStickers', emoticon, hash });
    const greetings = await ask('👋⭐️');
    if (greetings._ !== 'messages.stickers') throw new Error(greetings._);
    expect(greetings.stickers.map(altOf)).toEqual(['👋', '⭐']);
    expect(greetings.hash).toEqual(hashOf(greetings.stickers.map(({ id }) => id)));
    expect(await ask('👋⭐️', greetings.hash)).toEqual({ _: 'messages.stickersNotModified' });
    expect(await ask('👋🏽')).toMatchObject({ stickers: [{ id: greetings.stickers[0]!.id }] });
    expect(await ask('🇩🇪')).toMatchObject({ stickers: [] });
    expect((await main.fails({ _: 'messages.getStickers', emoticon: '', hash: Long.ZERO })).text).toBe('EMOTICON_EMPTY');
  });

  test('stickers and custom emoji by words of the client\'s language, by emoji and by title, a page at a time', async () => {
    const ask = async (more: Partial<tl.messages.RawSearchStickersRequest>): Promise<tl.messages.TypeFoundStickers> =>
      main.call({ _: 'messages.searchStickers', q: '', emoticon: '', langCode: [], offset: 0, limit: 10, hash: Long.ZERO, ...more });
    const stickersOf = async (more: Partial<tl.messages.RawSearchStickersRequest>): Promise<string[]> => ((await ask(more)) as tl.messages.RawFoundStickers).stickers.map(altOf);
    expect(await stickersOf({ q: 'Katze', langCode: ['de-AT', 'xx'] })).toContain('🐱');
    expect(await stickersOf({ q: 'Katze' })).toEqual([]);
    expect(await stickersOf({ q: 'cat', langCode: ['de'] })).toContain('🐱');
    expect(await stickersOf({ emoticon: '🐶' })).toEqual(['🐶']);
    expect(await stickersOf({ q: '🐶', emojis: true })).toContain('🐶');
    const first = (await ask({ q: 'animals' })) as tl.messages.RawFoundStickers;
    expect([first.stickers.length, first.nextOffset]).toEqual([10, 10]);
    expect(first.hash).toEqual(hashOf(first.stickers.map(({ id }) => id)));
    expect(await ask({ q: 'animals', hash: first.hash })).toEqual({ _: 'messages.foundStickersNotModified', nextOffset: 10 });
    const second = (await ask({ q: 'animals', offset: 10 })) as tl.messages.RawFoundStickers;
    expect(idsOf(second.stickers).some((id) => idsOf(first.stickers).includes(id))).toBe(false);
    expect((await main.fails({ _: 'messages.searchStickers', q: ' ', emoticon: '', langCode: [], offset: 0, limit: 10, hash: Long.ZERO })).text).toBe('EMOTICON_EMPTY');
    const emoji = await main.call({ _: 'messages.searchCustomEmoji', emoticon: '🐶🍇', hash: Long.ZERO });
    if (emoji._ !== 'emojiList') throw new Error(emoji._);
    const documents = await main.call({ _: 'messages.getCustomEmojiDocuments', documentId: emoji.documentId });
    expect(new Set(documents.map(altOf))).toEqual(new Set(['🐶', '🍇']));
    expect(await main.call({ _: 'messages.searchCustomEmoji', emoticon: '🐶🍇', hash: emoji.hash })).toEqual({ _: 'emojiListNotModified' });
  });

  test('sets by title, name and words', async () => {
    const ask = async (method: 'messages.searchStickerSets' | 'messages.searchEmojiStickerSets', q: string): Promise<string[]> => {
      const found = await main.call({ _: method, q, hash: Long.ZERO });
      if (found._ !== 'messages.foundStickerSets') throw new Error(found._);
      return setsOf(found.sets).map(({ shortName }) => shortName);
    };
    expect(await ask('messages.searchStickerSets', 'fac')).toContain('AerogramFaces');
    expect(await ask('messages.searchStickerSets', 'aerogramanimals')).toContain('AerogramAnimals');
    expect((await ask('messages.searchEmojiStickerSets', 'flags')).slice(0, 2)).toEqual(['AerogramFlagEmoji', 'AerogramMoreFlagEmoji']);
    expect(await ask('messages.searchEmojiStickerSets', 'grapes')).toEqual(['AerogramFoodEmoji']);
    expect(await ask('messages.searchStickerSets', '')).toEqual([]);
  });
});

describe('lists of custom emoji', () => {
  test.each(['account.getDefaultBackgroundEmojis', 'account.getDefaultProfilePhotoEmojis', 'account.getDefaultGroupPhotoEmojis'] as const)('%s', async (method) => {
    const list = await main.call({ _: method, hash: Long.ZERO });
    if (list._ !== 'emojiList') throw new Error(list._);
    expect(list.documentId.length).toBeGreaterThan(40);
    expect(list.hash).toEqual(hashOf(list.documentId));
    expect((await main.call({ _: 'messages.getCustomEmojiDocuments', documentId: list.documentId })).every(({ _ }) => _ === 'document')).toBe(true);
    expect(await main.call({ _: method, hash: list.hash })).toEqual({ _: 'emojiListNotModified' });
  });

  test.each(['account.getDefaultEmojiStatuses', 'account.getChannelDefaultEmojiStatuses'] as const)('%s', async (method) => {
    const list = await main.call({ _: method, hash: Long.ZERO });
    if (list._ !== 'account.emojiStatuses') throw new Error(list._);
    const documentId = list.statuses.map((status) => (status as tl.RawEmojiStatus).documentId);
    expect(list.hash).toEqual(hashOf(documentId));
    const shown = (await find({ _: 'inputStickerSetEmojiDefaultStatuses' })).documents;
    expect(documentId.map(String)).toEqual(idsOf(shown));
    expect(await main.call({ _: method, hash: list.hash })).toEqual({ _: 'account.emojiStatusesNotModified' });
  });

  test.each(['messages.getEmojiGroups', 'messages.getEmojiStatusGroups', 'messages.getEmojiProfilePhotoGroups', 'messages.getEmojiStickerGroups'] as const)('%s has icons that can be loaded, and finds something in each group', async (method) => {
    const list = await main.call({ _: method, hash: 0 });
    if (list._ !== 'messages.emojiGroups') throw new Error(list._);
    expect(list.hash).toBeGreaterThan(0);
    expect(list.groups.length).toBeGreaterThan(1);
    const icons = await main.call({ _: 'messages.getCustomEmojiDocuments', documentId: list.groups.map(({ iconEmojiId }) => iconEmojiId) });
    expect(icons.every(({ _ }) => _ === 'document')).toBe(true);
    for (const group of list.groups) {
      if (group._ !== 'emojiGroup') throw new Error(group._);
      expect([group.title, group.emoticons.length > 0]).toEqual([group.title, true]);
      const emoticon = group.emoticons.join('');
      const found = method === 'messages.getEmojiStickerGroups'
        ? await main.call({ _: 'messages.getStickers', emoticon, hash: Long.ZERO })
        : await main.call({ _: 'messages.searchCustomEmoji', emoticon, hash: Long.ZERO });
      expect(('stickers' in found ? found.stickers : 'documentId' in found ? found.documentId : []).length, group.title).toBeGreaterThan(0);
    }
    expect(await main.call({ _: method, hash: list.hash })).toEqual({ _: 'messages.emojiGroupsNotModified' });
  });
});

describe('words for emoji', () => {
  test('come in one answer per language, and then not again', async () => {
    const words = await main.call({ _: 'messages.getEmojiKeywords', langCode: 'de' });
    expect(words).toMatchObject({ langCode: 'de', fromVersion: 0 });
    expect(words.version).toBeGreaterThan(0);
    expect(words.keywords.length).toBeGreaterThan(4000);
    for (const { _, keyword, emoticons } of words.keywords) {
      if (_ !== 'emojiKeyword' || emoticons.length === 0 || emoticons.some((one) => one === '' || one.includes('$'))) throw new Error(keyword);
    }
    expect(new Set(words.keywords.map(({ keyword }) => keyword)).size).toBe(words.keywords.length);
    expect(words.keywords.find(({ keyword }) => keyword === 'katze')?.emoticons).toContain('🐱');
    expect(await main.call({ _: 'messages.getEmojiKeywordsDifference', langCode: 'de', fromVersion: words.version })).toMatchObject({ fromVersion: words.version, version: words.version, keywords: [] });
    const all = await main.call({ _: 'messages.getEmojiKeywordsDifference', langCode: 'de', fromVersion: 0 });
    expect(all.keywords).toEqual(words.keywords);
    expect(await main.call({ _: 'messages.getEmojiKeywords', langCode: 'tlh' })).toMatchObject({ langCode: 'tlh', version: words.version, keywords: [] });
  });

  test('are there in the languages of a client, or in English', async () => {
    const ask = async (langCodes: string[]): Promise<string[]> => (await main.call({ _: 'messages.getEmojiKeywordsLanguages', langCodes })).map(({ langCode }) => langCode);
    expect(await ask(['pt-br', 'pt', 'de-AT', 'tlh'])).toEqual(['pt', 'de']);
    expect(await ask(['tlh'])).toEqual(['en']);
  });
});
