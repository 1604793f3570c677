import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { tl } from '@aerogram/tl';

import { findAssets } from '../shared/index.ts';
import { KNOWN_REACTIONS, REACTION_TITLES } from './known-reactions.ts';
import { REACTION_FILES } from './reaction-files.gen.ts';
import { forEachRole, type ReactionRole } from './reaction-roles.ts';

/** A document that ships with the server. It has the same id on every server and never changes: a changed file gets a new id. */
export interface BundledDocument {
  readonly id: bigint;
  /** Bytes. */
  readonly size: number;
  /** Path relative to the assets folder. */
  readonly path: string;
  readonly kind: 'webp' | 'tgs';
  readonly emoji: string;
  /** For an animation, the still picture that shows it. */
  readonly thumb: BundledDocument | undefined;
}

/** A reaction and its documents. */
export interface BundledReaction {
  readonly emoji: string;
  readonly title: string;
  readonly documents: Readonly<Record<ReactionRole, BundledDocument>>;
}

/** The documents of all known reactions, in the order of KNOWN_REACTIONS. */
export const BUNDLED_REACTIONS: readonly BundledReaction[] = REACTION_FILES.map(([folder, files], index) => {
  const emoji = KNOWN_REACTIONS[index] ?? '';
  const describe = (role: ReactionRole, kind: BundledDocument['kind'], thumb?: BundledDocument): BundledDocument => {
    const [id, size] = files[role];
    return { id, size, path: join('reactions', folder, `${role}.${kind}`), kind, emoji, thumb };
  };
  const icon = describe('static_icon', 'webp');
  const documents = forEachRole((role) => (role === 'static_icon' ? icon : describe(role, 'tgs', icon)));
  return { emoji, title: REACTION_TITLES.get(emoji) ?? '', documents };
});

/** The documents of all reactions, by id. */
export const BUNDLED_DOCUMENTS: ReadonlyMap<bigint, BundledDocument> = new Map(
  BUNDLED_REACTIONS.flatMap(({ documents }) => Object.values(documents)).map((document) => [document.id, document]),
);

/**
 * Custom emoji that clients draw without having got their ids from a server. Telegram Web K shows the first one in the emoji panel, and fails without it.
 * TDLib draws the second one in service messages, and the third one where a list of backgrounds offers none. Each shows the still picture of a reaction.
 */
export const CLIENT_ICONS: ReadonlyMap<bigint, BundledDocument> = new Map(
  [
    { id: 5_269_590_556_232_664_327n, reaction: '🤩', emoji: '⭐' },
    { id: 5_390_854_796_011_906_616n, reaction: '🎉', emoji: '🎉' },
    { id: 5_246_772_116_543_512_028n, reaction: '👎', emoji: '🚫' },
  ].map(({ id, reaction, emoji }) => {
    const { static_icon: icon } = BUNDLED_REACTIONS.find((one) => one.emoji === reaction)!.documents;
    return [id, { ...icon, id, emoji }];
  }),
);

/** An effect that is shown once with a message: a still picture of it, what is chosen from, and what plays. */
export interface BundledEffect {
  readonly emoji: string;
  readonly icon: BundledDocument;
  readonly sticker: BundledDocument;
  readonly animation: BundledDocument;
}

/** Ids of effects that bots have built in, because the Bot API has no method that lists effects. */
const EFFECT_IDS: ReadonlyMap<string, bigint> = new Map([
  ['🔥', 5_104_841_245_755_180_586n], ['👍', 5_107_584_321_108_051_014n], ['👎', 5_104_858_069_142_078_462n],
  ['❤', 5_159_385_139_981_059_251n], ['🎉', 5_046_509_860_389_126_442n], ['💩', 5_046_589_136_895_476_101n],
]);

/** The effects of messages, by their ids. They are what reactions show. */
export const BUNDLED_EFFECTS: ReadonlyMap<bigint, BundledEffect> = new Map(
  BUNDLED_REACTIONS.map(({ emoji, documents }) => [
    EFFECT_IDS.get(emoji) ?? documents.effect_animation.id,
    { emoji, icon: documents.static_icon, sticker: documents.select_animation, animation: documents.effect_animation },
  ]),
);

/** Whether there is an effect of messages with this id. */
export const isEffect = (id: bigint): boolean => BUNDLED_EFFECTS.has(id);

/** A document of the reactions or an icon of clients, by id. */
export function findBundled(id: bigint): BundledDocument | undefined {
  return BUNDLED_DOCUMENTS.get(id) ?? CLIENT_ICONS.get(id);
}

/** Date of the documents, in unix seconds; clients do not show it. */
export const BUNDLED_DATE = 1_735_689_600;
/** Width and height of still pictures and of animations, in pixels. */
const SIDE = { webp: 128, tgs: 512 } as const;
/** MIME types of still pictures and of animations. */
const MIME_TYPE = { webp: 'image/webp', tgs: 'application/x-tgsticker' } as const;
/** The thumbnail type under which thumbnails are downloaded; `m` is at most 320 × 320 pixels. */
export const THUMB_TYPE = 'm';
/** First byte of a file reference: the source from which the client got the document. References of bundled documents never expire. */
const FROM_BUNDLE = 1;

/** The file reference of a bundled document. All clients may get these documents. Pure. */
export function projectBundledReference({ id }: { readonly id: bigint }): Uint8Array {
  const reference = new Uint8Array(9);
  reference[0] = FROM_BUNDLE;
  new DataView(reference.buffer).setBigInt64(1, id);
  return reference;
}

/**
 * The TL object of a bundled document. Pure.
 *
 * An animation always has a thumbnail: some clients draw animations such as the `center_icon` under a message as pictures and use the
 * thumbnail without checking that it exists. TDLib logs an error unless these documents are animations.
 * @param stickerset the set in which the document is shown
 */
export function projectBundledDocument(document: BundledDocument, accessHash: bigint, dcId: number, stickerset: tl.InputStickerSet = { _: 'inputStickerSetEmpty' }): tl.document {
  const { id, size, kind, emoji, thumb } = document;
  return {
    _: 'document',
    id,
    access_hash: accessHash,
    file_reference: projectBundledReference(document),
    date: BUNDLED_DATE,
    mime_type: MIME_TYPE[kind],
    size: BigInt(size),
    thumbs: thumb && [{ _: 'photoSize', type: THUMB_TYPE, w: SIDE[thumb.kind], h: SIDE[thumb.kind], size: thumb.size }],
    video_thumbs: undefined,
    dc_id: dcId,
    attributes: [
      { _: 'documentAttributeImageSize', w: SIDE[kind], h: SIDE[kind] },
      { _: 'documentAttributeSticker', alt: emoji, stickerset, mask_coords: undefined },
      // Clients recognise a sticker without a sticker set by these file names.
      { _: 'documentAttributeFilename', file_name: kind === 'tgs' ? 'AnimatedSticker.tgs' : 'sticker.webp' },
    ],
  };
}

/** The TL object of an icon of clients, as a custom emoji. Pure. */
export function projectClientIcon(document: BundledDocument, accessHash: bigint, dcId: number): tl.document {
  const projected = projectBundledDocument(document, accessHash, dcId);
  const attributes = projected.attributes.map((attribute): tl.DocumentAttribute =>
    attribute._ === 'documentAttributeSticker' ? { _: 'documentAttributeCustomEmoji', free: true, alt: attribute.alt, stickerset: attribute.stickerset } : attribute);
  return { ...projected, attributes };
}

/** Reads a whole document. None is larger than the size limit for stickers (64 KiB). */
export function readBundledDocument({ path }: BundledDocument): Promise<Uint8Array> {
  return readFile(join(findAssets(), path));
}
