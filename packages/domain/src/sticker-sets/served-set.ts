import type { tl } from '@aerogram/tl';

import type { SetKind } from './default-sets.ts';

/** A document of a set. */
export interface SetItem {
  readonly id: bigint;
  /** The emoji for which it stands. */
  readonly emoji: string;
  /** Further emoji for which it stands. */
  readonly others?: readonly string[];
  /** Words by which it is found. */
  readonly keywords?: readonly string[];
}

/** A sticker set, without its documents. */
export interface SetHead {
  readonly id: bigint;
  readonly title: string;
  readonly shortName: string;
  readonly kind: SetKind;
  /** Whether clients draw its documents in the colour of the text around them. */
  readonly textColor: boolean;
  /** Whether people are offered the set: they find it, and have it on their lists of featured sets. */
  readonly isListed: boolean;
  /** Tells versions of the set apart. 0 is the hash of a set without stickers, and of a client that has no copy. */
  readonly hash: number;
  /** How many documents it has. */
  readonly count: number;
  /** Of a set that does not ship with the server: who has made it. */
  readonly made?: MadeFacts;
}

/** Who has made a set, and its picture. */
export interface MadeFacts {
  /** Whose it is. */
  readonly creatorId: bigint;
  /** Who may change it: the creator, or a bot that has made it for the creator. */
  readonly makerId: bigint;
  /** Grows with each change. */
  readonly version: number;
  /** The document that is its picture: of a set of custom emoji one of them, of others a file of its own. */
  readonly thumbId: bigint | undefined;
}

/** A sticker set with its documents. */
export interface ServedSet extends SetHead {
  readonly documents: readonly SetItem[];
}

/** Whether people can put a set into their lists. Pure. */
export function isInstallable({ isListed, made }: Pick<SetHead, 'isListed' | 'made'>): boolean {
  return isListed || made !== undefined;
}

/** An emoji without the selector U+FE0F, as it stands in packs. Pure. */
export function plainEmoji(emoji: string): string {
  return emoji.replaceAll('\uFE0F', '');
}

/** Clients keep hashes as signed numbers of 32 bits. */
const HASH_END = 2_147_483_647n;

/** Makes a set that ships with the server, and computes its hash from all that clients see of it. Pure. */
export function createServedSet(set: Omit<ServedSet, 'hash' | 'count'>): ServedSet {
  const facts = [set.id, ...set.documents.map(({ id }) => id), ...Array.from(Buffer.from(`${set.title} ${set.shortName}`), BigInt)];
  return { ...set, count: set.documents.length, hash: set.documents.length === 0 ? 0 : hashOfFacts(facts) };
}

/** The hash of a set that somebody has made: another one for each version. Pure. */
export function hashOfVersion(id: bigint, version: number): number {
  return hashOfFacts([BigInt.asUintN(64, id), BigInt(version)]);
}

function hashOfFacts(facts: readonly bigint[]): number {
  return Number(facts.reduce((sum, fact) => (sum * 31n + fact) % HASH_END, 1n) || 1n);
}

/** Which documents stand for which emoji, in the order of the documents. Pure. */
export function packsOf(documents: readonly SetItem[]): tl.StickerPack[] {
  const packs = new Map<string, bigint[]>();
  for (const { id, emoji, others = [] } of documents) {
    for (const emoticon of new Set([emoji, ...others].map(plainEmoji))) {
      const ids = packs.get(emoticon) ?? [];
      packs.set(emoticon, ids);
      ids.push(id);
    }
  }
  return Array.from(packs, ([emoticon, ids]) => ({ _: 'stickerPack', emoticon, documents: ids }));
}

/** By which words the documents are found. Pure. */
export function keywordsOf(documents: readonly SetItem[]): tl.StickerKeyword[] {
  return documents.flatMap(({ id, keywords = [] }) => (keywords.length === 0 ? [] : [{ _: 'stickerKeyword' as const, document_id: id, keyword: [...keywords] }]));
}

/** When a viewer has put a set into the list of theirs, in Unix seconds, and whether it is hidden there. */
export interface InstalledState {
  installedDate?: number | undefined;
  isArchived?: boolean | undefined;
}

/** What a viewer is shown of a set besides the set itself. */
export interface SetView extends InstalledState {
  viewerId?: bigint;
  accessHash: bigint;
  /** The data centre that has the picture of the set. */
  dcId: number;
}

/** The TL object of a set. Pure. */
export function projectSet(set: SetHead, { viewerId, accessHash, dcId, installedDate, isArchived }: SetView): tl.stickerSet {
  const { made, kind } = set;
  const thumbId = made?.thumbId;
  const version = made !== undefined && thumbId !== undefined && kind !== 'emoji' ? made.version : undefined;
  return {
    _: 'stickerSet',
    archived: isArchived || undefined,
    official: made === undefined || undefined,
    masks: kind === 'masks' || undefined,
    emojis: kind === 'emoji' || undefined,
    text_color: set.textColor || undefined,
    creator: (made !== undefined && made.makerId === viewerId) || undefined,
    installed_date: installedDate,
    id: set.id,
    access_hash: accessHash,
    title: set.title,
    short_name: set.shortName,
    // Clients load it by the version, so that they load it again when it has changed.
    thumbs: version === undefined ? undefined : [SET_THUMB],
    thumb_dc_id: version === undefined ? undefined : dcId,
    thumb_version: version,
    thumb_document_id: kind === 'emoji' ? thumbId : undefined,
    count: set.count,
    hash: set.hash,
  };
}

/** The picture of a set, whose sides are always these. Clients do not look at its length. */
const SET_THUMB: tl.photoSize = { _: 'photoSize', type: 's', w: 100, h: 100, size: 0 };
