import type { tl } from '@mtcute/core';
import type { SetSticker, Sticker, StickerSet } from '../../protocol/index.ts';
import { readDocument } from './attached.ts';
import type { Location } from './location.ts';

/** A set as the worker keeps it. */
export interface SetRow extends StickerSet {
  accessHash: string;
}

/** A sticker as the worker keeps it. */
export interface StickerRow extends SetSticker {
  location: Location;
}

/** Reads a set. Pure. */
export function readSet(set: tl.RawStickerSet): SetRow {
  return {
    id: set.id.toString(),
    accessHash: set.accessHash.toString(),
    name: set.shortName,
    title: set.title,
    kind: set.emojis ? 'emoji' : 'stickers',
    count: set.count,
    version: set.hash,
    ...(set.installedDate === undefined ? {} : { isInstalled: true }),
    ...(set.archived ? { isArchived: true } : {}),
  };
}

/** Reads a sticker or custom emoji. Pure. @returns undefined for what is none */
export function readSticker(document: tl.TypeDocument): StickerRow | undefined {
  const read = readDocument(document);
  if (document._ !== 'document' || !read) return undefined;
  const attribute = document.attributes.find((each) => each._ === 'documentAttributeSticker' || each._ === 'documentAttributeCustomEmoji');
  if (!attribute) return undefined;
  const isTinted = attribute._ === 'documentAttributeCustomEmoji' && attribute.textColor === true;
  return { document: read.document, emoji: attribute.alt, ...(isTinted ? { isTinted } : {}), finds: attribute.alt === '' ? [] : [attribute.alt], location: read.locations[read.document.id]! };
}

/** Reads the stickers of a set, with all emoji and words that find them. Pure. */
export function readStickers({ documents, packs, keywords }: Pick<tl.messages.RawStickerSet, 'documents' | 'packs' | 'keywords'>): StickerRow[] {
  const finds = new Map<string, Set<string>>();
  const note = (id: string, words: readonly string[]): void => void finds.set(id, new Set([...(finds.get(id) ?? []), ...words]));
  for (const { emoticon, documents: ids } of packs) for (const id of ids) note(id.toString(), [emoticon]);
  for (const { documentId, keyword } of keywords) note(documentId.toString(), keyword.map((word) => word.toLowerCase()));
  return documents.flatMap((document) => {
    const row = readSticker(document);
    return row ? [{ ...row, finds: [...new Set([...row.finds, ...(finds.get(row.document.id) ?? [])])] }] : [];
  });
}

/** Emoji without the sign that asks for a picture, which some write and others do not. Pure. */
export const plainEmoji = (emoji: string): string => emoji.replaceAll('\uFE0F', '');

/** Stickers that an emoji or the beginning of a word finds. Pure. */
export function findStickers(stickers: Iterable<StickerRow>, query: string): StickerRow[] {
  const wanted = plainEmoji(query.trim().toLowerCase());
  if (wanted === '') return [];
  const isWord = /[\p{L}\p{N}]/u.test(wanted);
  return [...stickers].filter(({ finds }) => finds.some((each) => (isWord ? each.startsWith(wanted) : plainEmoji(each) === wanted)));
}

/** What pages see of a set. Pure. */
export const publicSet = ({ accessHash: _hash, ...set }: SetRow): StickerSet => set;

/** What pages see of a sticker. Pure. */
export const publicSticker = ({ document, emoji, isTinted }: Sticker): Sticker => ({ document, emoji, ...(isTinted ? { isTinted } : {}) });
