import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { tl } from '@aerogram/tl';

import { findAssets } from '../shared/index.ts';
import { KNOWN_REACTIONS, REACTION_TITLES } from './known-reactions.ts';
import { REACTION_FILES } from './reaction-files.gen.ts';
import { forEachRole, type ReactionRole } from './reaction-roles.ts';

/** A document that comes with the server. It has the same id everywhere, and never changes: another file is another document. */
export interface BundledDocument {
  readonly id: bigint;
  /** Bytes. */
  readonly size: number;
  /** Within the folder of the assets. */
  readonly path: string;
  readonly kind: 'webp' | 'tgs';
  readonly emoji: string;
  /** What an animation looks like as a picture. */
  readonly thumb: BundledDocument | undefined;
}

/** A reaction and its documents. */
export interface BundledReaction {
  readonly emoji: string;
  readonly title: string;
  readonly documents: Readonly<Record<ReactionRole, BundledDocument>>;
}

/** The documents of all known reactions, in their order. */
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

/** Every document that comes with the server, by its id. */
export const BUNDLED_DOCUMENTS: ReadonlyMap<bigint, BundledDocument> = new Map(
  BUNDLED_REACTIONS.flatMap(({ documents }) => Object.values(documents)).map((document) => [document.id, document]),
);

/** When the documents were drawn; clients show it nowhere. */
export const BUNDLED_DATE = 1_735_689_600;
/** Side of a still picture and of an animation, in pixels. */
const SIDE = { webp: 128, tgs: 512 } as const;
const MIME_TYPE = { webp: 'image/webp', tgs: 'application/x-tgsticker' } as const;
/** By this name a thumbnail is downloaded: the kind that is at most 320 pixels large. */
export const THUMB_TYPE = 'm';
/** The first byte of a file reference: where the document was seen. This one came with the server, so it never expires. */
const FROM_BUNDLE = 1;

/** Proves that the caller was shown the document, which of these everybody was. Pure. */
export function projectBundledReference({ id }: BundledDocument): Uint8Array {
  const reference = new Uint8Array(9);
  reference[0] = FROM_BUNDLE;
  new DataView(reference.buffer).setBigInt64(1, id);
  return reference;
}

/**
 * The document as TL has it. Pure.
 *
 * An animation has a thumbnail: some clients show animations as pictures, such as the `center_icon` under a message, and take the thumbnail
 * without looking whether there is one. TDLib logs an error unless these documents are animations.
 */
export function projectBundledDocument(document: BundledDocument, accessHash: bigint, dcId: number): tl.document {
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
      { _: 'documentAttributeSticker', alt: emoji, stickerset: { _: 'inputStickerSetEmpty' }, mask_coords: undefined },
      // By these names clients know a sticker that comes without its set.
      { _: 'documentAttributeFilename', file_name: kind === 'tgs' ? 'AnimatedSticker.tgs' : 'sticker.webp' },
    ],
  };
}

/** The bytes of a document, whole: none is larger than a sticker may be (64 KiB). */
export function readBundledDocument({ path }: BundledDocument): Promise<Uint8Array> {
  return readFile(join(findAssets(), path));
}
