import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { ANIMATION_BYTES_MAX, readAnimationSides, readWebpSides } from '@aerogram/media';
import { afterAll, describe, expect, it } from 'vitest';

import { EmojiPack, openEmojiPack, PACK_SIDE, type PackDocument } from '../src/documents/emoji-pack.ts';
import { EMOJI_LANGUAGES, findEmojiLanguage, listEmojiGroups, readEmojiWords } from '../src/documents/emoji-words.ts';
import { BUNDLED_DOCUMENTS } from '../src/documents/bundled-documents.ts';
import { DICE } from '../src/collections/index.ts';
import { findAssets } from '../src/shared/index.ts';

const FOLDER = join(findAssets(), 'emoji');
const MIB = 2 ** 20;
/** The id of the set of animated emoji, which clients have built in. */
const ANIMATED_EMOJI_ID = 1_258_816_259_751_983n;
/** Limits of clients and of animated stickers (core.telegram.org/stickers#animated-stickers-and-emoji). */
const LIMITS = { emojiInSet: 200, stickersInSet: 120, frames: 180 };
const ONE_EMOJI = new RegExp('^\\p{RGI_Emoji}$', 'v');

interface Property {
  a: number;
  k: unknown;
}

interface Lottie {
  op: number;
  layers: { ty: number; ip: number; op: number; ks: Record<'o' | 'r' | 'p' | 'a' | 's', Property> }[];
}

const pack = openEmojiPack();
const documents = pack.sets.flatMap((set) => set.documents);
const isDie = ({ die }: { die: string | undefined }): boolean => die !== undefined;
/** What shows how something falls ends otherwise than it begins. The first document of a die runs until the value is known. */
const falls = ({ set, emoji }: PackDocument): boolean => isDie(set) && !emoji.startsWith('#');
/** One document for each animation: sets share their bytes. */
const distinct = [...new Map(documents.map((document) => [document.offset, document])).values()];

afterAll(() => pack[Symbol.asyncDispose]());

describe('the sets that ship with the server', () => {
  it('are what clients accept', () => {
    for (const set of pack.sets) {
      expect(set.documents.length, set.shortName).toBeGreaterThan(0);
      if (set.id !== ANIMATED_EMOJI_ID) expect(set.documents.length, set.shortName).toBeLessThanOrEqual(set.kind === 'emoji' ? LIMITS.emojiInSet : LIMITS.stickersInSet);
      expect(set.shortName).toMatch(/^[A-Za-z](?!\w*__)\w{0,63}$/);
      if (isDie(set)) continue;
      expect(set.title).toMatch(/^[A-Z][A-Za-z ]+$/);
      expect(new Set(set.documents.map(({ emoji }) => emoji)).size, set.shortName).toBe(set.documents.length);
      expect(set.documents.filter(({ emoji, set: owner }) => owner !== set || !ONE_EMOJI.test(emoji)), set.shortName).toEqual([]);
    }
    expect(pack.sets.find(({ shortName }) => shortName === 'AnimatedEmojies')?.id).toBe(ANIMATED_EMOJI_ID);
  });

  it('have ids that nothing else has', () => {
    const ids = [...pack.sets, ...documents].map(({ id }) => id);
    expect(new Set([...ids, ...BUNDLED_DOCUMENTS.keys()]).size).toBe(ids.length + BUNDLED_DOCUMENTS.size);
    expect(ids.filter((id) => id <= 0n || id >= 2n ** 63n)).toEqual([]);
    expect(documents.filter((document) => pack.findPackDocument(document.id) !== document)).toEqual([]);
    expect(pack.findPackDocument(1n)).toBeUndefined();
  });

  it('have an animation for each value of a die, and the parts of a slot machine, by the emoji by which clients find them', () => {
    const keys = (outcomes: number): string[] => ['#', ...Array.from({ length: outcomes }, (_, at) => String(at + 1))].map((sign) => `${sign}\uFE0F\u20E3`);
    const { '🎰': machine, ...others } = Object.fromEntries(pack.sets.filter(isDie).map(({ die, documents: shown }) => [die, shown.map(({ emoji }) => emoji)]));
    expect(others).toEqual(Object.fromEntries([...DICE].filter(([die]) => die !== '🎰').map(([die, outcomes]) => [die, keys(outcomes)])));
    // Three for the machine and its lever; for each of three reels its win, four signs, and what turns until the value is known.
    expect(machine).toEqual(Array.from({ length: 3 + 3 * 6 }, () => '🎰'));
  });

  it('offer greetings, and icons for each purpose', () => {
    const faces = pack.sets.find(({ shortName }) => shortName === 'AerogramFaces')!;
    expect(faces.documents.slice(0, 2).map(({ emoji }) => emoji)).toEqual(['👋', '⭐']);
    const [icons, ...others] = pack.sets.filter(({ textColor }) => textColor);
    expect(others).toEqual([]);
    for (const use of ['topics', 'statuses', 'backgrounds', 'groups'] as const) expect(icons!.uses[use]!.length, use).toBeGreaterThanOrEqual(8);
    for (const list of Object.values(icons!.uses)) for (const document of list) expect(document.set).toBe(icons);
  });
});

describe('the file of the sets', () => {
  it('is small, and the index names each of its bytes', () => {
    const { size } = statSync(join(FOLDER, 'pack.bin'));
    expect(size).toBeLessThanOrEqual(6 * MIB);
    const parts = new Map(documents.flatMap((document) => [document, document.thumb]).map((part) => [part.offset, part.size]));
    let end = 0;
    for (const [offset, length] of [...parts].toSorted(([one], [other]) => one - other)) {
      expect(offset).toBe(end);
      end += length;
    }
    expect(end).toBe(size);
  });

  it('has animations that the server takes as stickers, and that end as they begin, unless they show how something falls', async () => {
    const wrong: string[] = [];
    for (const [index, document] of distinct.entries()) {
      const bytes = await pack.readPackBytes(document);
      // Each is unpacked once as the server does it, some once more to look at their frames.
      const found = (await checkShape(bytes)) ?? (!falls(document) && (index % 5 === 0 || isSticker(document)) ? describeFrames(bytes) : undefined);
      if (found !== undefined) wrong.push(`${document.set.shortName} ${document.emoji}: ${found}`);
    }
    expect(wrong).toEqual([]);
  });

  it('has a still picture for each animation', async () => {
    for (const thumb of new Set(documents.map((document) => document.thumb))) {
      const sides = readWebpSides(await pack.readPackBytes(thumb));
      expect(sides).toEqual({ width: PACK_SIDE.thumb, height: PACK_SIDE.thumb });
    }
  });

  it('is read in parts, and stays readable after it was closed', async () => {
    const document = documents[5]!;
    const whole = await pack.readPackBytes(document);
    expect(whole.length).toBe(document.size);
    expect(await pack.readPackBytes(document, 10, 20)).toEqual(whole.subarray(10, 30));
    expect(await pack.readPackBytes(document, document.size - 3, 1000)).toEqual(whole.subarray(-3));
    expect((await pack.readPackBytes(document, document.size, 1000)).length).toBe(0);
    await using other = new EmojiPack(FOLDER);
    await other.readPackBytes(document);
    await other[Symbol.asyncDispose]();
    expect(await other.readPackBytes(document)).toEqual(whole);
    await expect(other.readPackBytes({ offset: 6 * MIB, size: 10 })).rejects.toThrow('shorter');
  });
});

const isSticker = ({ set }: PackDocument): boolean => set.kind === 'stickers' && set.id !== ANIMATED_EMOJI_ID;

/** Says what is wrong with an animation by the server's own rules. */
async function checkShape(bytes: Uint8Array): Promise<string | undefined> {
  if (bytes.length > ANIMATION_BYTES_MAX) return 'too long';
  const sides = await readAnimationSides(bytes);
  return sides?.width === PACK_SIDE.animation && sides.height === PACK_SIDE.animation ? undefined : 'no animation of 512 × 512';
}

/** Says what is wrong with the frames of an animation. */
function describeFrames(bytes: Uint8Array): string | undefined {
  const { layers, ...lottie } = JSON.parse(gunzipSync(bytes).toString()) as Lottie & Record<string, unknown>;
  if (lottie['fr'] !== 60 || lottie['ip'] !== 0 || lottie.op > LIMITS.frames || lottie['tgs'] !== 1) return 'unusual';
  for (const layer of layers) {
    // Copies that fly around a sticker come and go in between.
    if (layer.ty === 0 && (layer.ip < 0 || layer.op >= lottie.op)) return 'cut off at the end';
    if (layer.ty === 0) continue;
    for (const [name, { a, k }] of Object.entries(layer.ks)) if (a === 1 && !endsAlike(name, k as { s: number[] }[])) return `jumps at the end (${name})`;
  }
  return undefined;
}

function endsAlike(name: string, keys: { s: number[] }[]): boolean {
  const [first, last] = [keys[0]!.s, keys.at(-1)!.s];
  return first.every((value, index) => (last[index]! - value) % (name === 'r' ? 360 : Infinity) === 0);
}

describe('the words for emoji', () => {
  it('are there for each language, in lower case, and small', async () => {
    expect(readdirSync(join(FOLDER, 'words')).map((name) => name.replace('.br', '')).toSorted()).toEqual([...EMOJI_LANGUAGES].toSorted());
    for (const language of EMOJI_LANGUAGES) {
      expect(statSync(join(FOLDER, 'words', `${language}.br`)).size, language).toBeLessThanOrEqual(60 * 1024);
      const words = (await readEmojiWords(language))!;
      expect(words.size, language).toBeGreaterThan(1800);
      const wrong = [...words].filter(([emoji, list]) => emoji === '' || emoji.includes('$') || list.length === 0 || new Set(list).size < list.length || list.some((word) => word === '' || word !== word.toLowerCase()));
      expect(wrong, language).toEqual([]);
    }
    expect((await readEmojiWords('de'))!.get('🇩🇪')).toContain('deutschland');
    expect((await readEmojiWords('en'))!.get('❤️')).toContain('love');
  });

  it('are found by the codes that clients use', async () => {
    const found = ['en', 'EN_us', 'pt-br', 'zh-hans-raw', 'zh-hant-raw', 'zh-TW', 'no', 'xx', '', '../de'].map(findEmojiLanguage);
    expect(found).toEqual(['en', 'en', 'pt', 'zh', 'zh-hant', 'zh-hant', 'nb', undefined, undefined, undefined]);
    expect(await readEmojiWords('xx')).toBeUndefined();
  });

  it('go with eight groups, each of which has an icon', async () => {
    const groups = await listEmojiGroups();
    expect(groups.length).toBe(8);
    const all = groups.flatMap(({ emoji }) => emoji);
    expect(new Set(all).size).toBe(all.length);
    const words = (await readEmojiWords('en'))!;
    const grouped = new Set(all);
    expect([...words.keys()].filter((emoji) => !grouped.has(emoji))).toEqual([]);
    for (const { iconId } of groups) expect(pack.findPackDocument(iconId)?.set.textColor).toBe(true);
  });
});
