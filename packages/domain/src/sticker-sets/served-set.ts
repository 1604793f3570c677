import type { tl } from '@aerogram/tl';

import type { BundledDocument, PackDocument } from '../documents/index.ts';

/** A document of a set that the server has without a row. */
export type SetDocument = Pick<BundledDocument | PackDocument, 'id' | 'emoji'>;

/** A sticker set that ships with the server. */
export interface ServedSet {
  readonly id: bigint;
  readonly title: string;
  readonly shortName: string;
  readonly kind: 'stickers' | 'emoji';
  /** Whether clients draw its documents in the colour of the text around them. */
  readonly textColor: boolean;
  /** Whether people are offered the set: they find it, and install it. */
  readonly isListed: boolean;
  readonly documents: readonly SetDocument[];
  /** Tells versions of the set apart. 0 is the hash of a set without stickers, and of a client that has no copy. */
  readonly hash: number;
}

/** An emoji without the selector U+FE0F, as it stands in packs. Pure. */
export function plainEmoji(emoji: string): string {
  return emoji.replaceAll('\uFE0F', '');
}

/** Clients keep hashes as signed numbers of 32 bits. */
const HASH_END = 2_147_483_647n;

/** Makes a set, and computes its hash from all that clients see of it. Pure. */
export function createServedSet(set: Omit<ServedSet, 'hash'>): ServedSet {
  const facts = [set.id, ...set.documents.map(({ id }) => id), ...Array.from(Buffer.from(`${set.title} ${set.shortName}`), BigInt)];
  const hash = set.documents.length === 0 ? 0n : facts.reduce((sum, fact) => (sum * 31n + fact) % HASH_END, 1n) || 1n;
  return { ...set, hash: Number(hash) };
}

/** Which documents stand for which emoji, in the order of the documents. Pure. */
export function packsOf(documents: readonly SetDocument[]): tl.StickerPack[] {
  const packs = new Map<string, bigint[]>();
  for (const { id, emoji } of documents) {
    const emoticon = plainEmoji(emoji);
    const ids = packs.get(emoticon) ?? [];
    packs.set(emoticon, ids);
    ids.push(id);
  }
  return Array.from(packs, ([emoticon, ids]) => ({ _: 'stickerPack', emoticon, documents: ids }));
}

/** When a viewer has put a set into the list of theirs, in Unix seconds, and whether it is hidden there. */
export interface InstalledState {
  installedDate?: number | undefined;
  isArchived?: boolean | undefined;
}

/** The TL object of a set. Pure. */
export function projectSet(set: ServedSet, accessHash: bigint, { installedDate, isArchived }: InstalledState = {}): tl.stickerSet {
  return {
    _: 'stickerSet',
    archived: isArchived || undefined,
    official: true,
    emojis: set.kind === 'emoji' || undefined,
    text_color: set.textColor || undefined,
    installed_date: installedDate,
    id: set.id,
    access_hash: accessHash,
    title: set.title,
    short_name: set.shortName,
    count: set.documents.length,
    hash: set.hash,
  };
}
