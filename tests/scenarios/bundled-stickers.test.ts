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
