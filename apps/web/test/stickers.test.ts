import type { tl } from '@mtcute/core';
import Long from 'long';
import { describe, expect, test, vi } from 'vitest';
import { MovingList } from '../src/page/motion/moving-list.ts';
import { ownRoute } from '../src/page/parts/own-links.ts';
import { moveItem } from '../src/page/stickers/move-item.ts';
import { setOfRoute } from '../src/page/stickers/open-set.ts';
import { findNear } from '../src/page/emoji/use-sections.ts';
import type { Account } from '../src/worker/account.ts';
import { CustomEmoji } from '../src/worker/custom-emoji.ts';
import { KeptFiles } from '../src/worker/kept-files.ts';
import { readDocument } from '../src/worker/models/attached.ts';
import { findStickers, publicSet, readSet, readSticker, readStickers } from '../src/worker/models/sticker-set.ts';
import { readEntities, writeEntities } from '../src/worker/models/text.ts';
import { changedKind, StickerSets } from '../src/worker/sticker-sets.ts';

const OF_SET: tl.TypeInputStickerSet = { _: 'inputStickerSetID', id: Long.fromNumber(70), accessHash: Long.fromNumber(71) };

const document = (id: number, attribute: tl.TypeDocumentAttribute): tl.RawDocument => ({
  _: 'document',
  id: Long.fromNumber(id),
  accessHash: Long.ONE,
  fileReference: new Uint8Array(),
  date: 1,
  mimeType: 'application/x-tgsticker',
  size: 10,
  dcId: 2,
  attributes: [{ _: 'documentAttributeImageSize', w: 512, h: 512 }, attribute],
});
const sticker = (id: number, alt: string): tl.RawDocument => document(id, { _: 'documentAttributeSticker', alt, stickerset: OF_SET });
const customEmoji = (id: number, alt: string, textColor?: boolean): tl.RawDocument => document(id, { _: 'documentAttributeCustomEmoji', alt, stickerset: OF_SET, textColor });
const set: tl.RawStickerSet = { _: 'stickerSet', id: Long.fromNumber(70), accessHash: Long.fromNumber(71), title: 'Foxes', shortName: 'foxes', count: 2, hash: 9 };

describe('sets of stickers', () => {
  test('a set is read without its access hash for pages', () => {
    expect(publicSet(readSet({ ...set, emojis: true, installedDate: 5, archived: true }))).toEqual({ id: '70', name: 'foxes', title: 'Foxes', kind: 'emoji', count: 2, version: 9, isInstalled: true, isArchived: true });
    expect(publicSet(readSet(set))).not.toHaveProperty('isInstalled');
  });

  test('stickers are found by their emoji, with and without the sign for a picture, and by the beginning of a word', () => {
    const rows = readStickers({
      documents: [sticker(1, '❤️'), sticker(2, '🦊')],
      packs: [{ _: 'stickerPack', emoticon: '❤', documents: [Long.fromNumber(1), Long.fromNumber(2)] }],
      keywords: [{ _: 'stickerKeyword', documentId: Long.fromNumber(2), keyword: ['Letter'] }],
    });
    const ids = (query: string): string[] => findStickers(rows, query).map((row) => row.document.id);
    expect(ids('❤️')).toEqual(['1', '2']);
    expect(ids('🦊')).toEqual(['2']);
    expect(ids('LET')).toEqual(['2']);
    expect([ids('tter'), ids(' ')]).toEqual([[], []]);
  });

  test('a sticker of a set says so, and keeps where the set is from pages', () => {
    const read = readDocument(sticker(1, '🦊'));
    expect(read?.role).toBe('sticker');
    expect(read?.document.hasSet).toBe(true);
    expect(read?.locations['1']?.set).toEqual({ id: '70', accessHash: '71' });
    expect(readSticker(customEmoji(3, '🦊', true))).toMatchObject({ emoji: '🦊', isTinted: true });
    expect(readSticker(document(4, { _: 'documentAttributeAnimated' }))).toBeUndefined();
  });

  test('updates say which kind of sets to load again', () => {
    expect(changedKind({ _: 'updateStickerSets' })).toBe('stickers');
    expect(changedKind({ _: 'updateStickerSetsOrder', emojis: true, order: [] })).toBe('emoji');
    expect(changedKind({ _: 'updateMoveStickerSetToTop', masks: true, stickerset: Long.ONE })).toBeUndefined();
    expect(changedKind({ _: 'updateNewStickerSet', stickerset: { _: 'messages.stickerSet', set: { ...set, emojis: true }, packs: [], keywords: [], documents: [] } })).toBe('emoji');
    expect(changedKind({ _: 'updateConfig' })).toBeUndefined();
  });

  test('links to sets open here', () => {
    const route = ownRoute('https://t.me/addstickers/foxes', 'http://localhost');
    expect(route).toBe('#/link/addstickers/foxes');
    expect(setOfRoute(route!)).toEqual({ by: 'name', name: 'foxes' });
    expect(ownRoute('tg://addemoji?set=small_foxes', 'http://localhost')).toBe('#/link/addemoji/small_foxes');
    expect(setOfRoute('#/link/addlist/foxes')).toBeUndefined();
    expect(ownRoute('https://t.me/addstickers/a%2Fb', 'http://localhost')).toBeUndefined();
  });

  test('a set is moved to another place of the list', () => {
    expect(moveItem([1, 2, 3], 0, 2)).toEqual([2, 3, 1]);
    expect(moveItem([1, 2, 3], 2, 0)).toEqual([3, 1, 2]);
    expect(moveItem([1, 2, 3], 1, 9)).toEqual([1, 3, 2]);
  });
});

describe('custom emoji', () => {
  test('entities keep their document both ways', () => {
    const entities = readEntities([{ _: 'messageEntityCustomEmoji', offset: 0, length: 2, documentId: Long.fromString('5269590556232664327') }]);
    expect(entities).toEqual([{ kind: 'customEmoji', offset: 0, length: 2, emoji: '5269590556232664327' }]);
    expect(writeEntities(entities!, () => undefined)).toEqual([{ _: 'messageEntityCustomEmoji', offset: 0, length: 2, documentId: Long.fromString('5269590556232664327') }]);
  });

  test('those that are drawn together are asked for in one call, and each once', async () => {
    const calls: string[][] = [];
    const call = async ({ documentId }: { documentId: Long[] }): Promise<tl.TypeDocument[]> => {
      calls.push(documentId.map(String));
      return await Promise.resolve(documentId.filter((id) => id.toNumber() !== 9).map((id) => customEmoji(id.toNumber(), '🦊')));
    };
    const emoji = new CustomEmoji({ call } as unknown as Account);
    const found = await Promise.all([emoji.find('1'), emoji.find('2'), emoji.find('1'), emoji.find('9')]);
    expect(found.map((row) => row?.document.id)).toEqual(['1', '2', '1', undefined]);
    await emoji.find('2');
    expect(calls).toEqual([['1', '2', '9']]);
  });

  test('what could not be asked for is asked for again', async () => {
    let fails = true;
    const call = (): Promise<tl.TypeDocument[]> => (fails ? Promise.reject(new Error('no connection')) : Promise.resolve([customEmoji(1, '🦊')]));
    const emoji = new CustomEmoji({ call } as unknown as Account);
    expect(await emoji.find('1')).toBeUndefined();
    fails = false;
    expect((await emoji.find('1'))?.emoji).toBe('🦊');
  });
});

describe('lists of the account', () => {
  test('archived sets are asked for page by page, each after the last one of the page before', async () => {
    const all = Array.from({ length: 25 }, (_, index): tl.TypeStickerSetCovered => ({ _: 'stickerSetNoCovered', set: { ...set, id: Long.fromNumber(index + 1) } }));
    const call = async ({ offsetId, limit }: tl.messages.RawGetArchivedStickersRequest): Promise<tl.messages.RawArchivedStickers> => {
      const from = offsetId.toNumber();
      return await Promise.resolve({ _: 'messages.archivedStickers', count: all.length, sets: all.slice(from, from + limit) });
    };
    const sets = new StickerSets({ call } as unknown as Account);
    const first = await sets.archived('stickers');
    expect([first.rows.length, first.rows.at(-1)?.id, first.hasMore]).toEqual([20, '20', true]);
    const second = await sets.archived('stickers', '20');
    expect([second.rows.map(({ id }) => id), second.hasMore]).toEqual([['21', '22', '23', '24', '25'], false]);
  });

  test('favourites are loaded again when an update says so, and only if somebody has asked for them', async () => {
    let [asked, noted] = [0, 0];
    const call = async (): Promise<tl.messages.RawFavedStickers> => await Promise.resolve({ _: 'messages.favedStickers', hash: Long.ONE, packs: [], stickers: [sticker(++asked, '🦊')] });
    const kept = new KeptFiles({ call, store: { noteGathered: () => void noted++ } } as unknown as Account);
    kept.consider({ _: 'updateFavedStickers' });
    expect(asked).toBe(0);
    await kept.load('favourite');
    kept.consider({ _: 'updateRecentStickers' });
    kept.consider({ _: 'updateFavedStickers' });
    await vi.waitFor(() => expect(kept.known('favourite')?.map(({ document }) => document.id)).toEqual(['2']));
    expect([asked, noted]).toEqual([2, 2]);
  });
});

describe('what moves', () => {
  test('so many move at once; those that wait take places that become free', () => {
    const list = new MovingList(2);
    const moving: number[] = [];
    const stops = [1, 2, 3, 4].map((each) => list.want(() => moving.push(each)));
    expect(moving).toEqual([1, 2]);
    stops[2]!();
    stops[0]!();
    expect(moving).toEqual([1, 2, 4]);
  });

  test('only sections near what can be seen are drawn', () => {
    const sections = ['a', 'b', 'c', 'd'].map((name) => ({ name, height: 500 }));
    expect(findNear(sections, { scrollTop: 0, clientHeight: 250 })).toEqual({ near: new Set(['a', 'b']), first: 'a' });
    expect(findNear(sections, { scrollTop: 1000, clientHeight: 250 })).toEqual({ near: new Set(['b', 'c', 'd']), first: 'c' });
  });
});
