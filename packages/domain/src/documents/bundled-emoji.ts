import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { AccessHashes } from '../peers/index.ts';
import type { DomainConfig } from '../shared/index.ts';
import { BUNDLED_DATE, CLIENT_ICONS, findBundled, projectBundledDocument, projectBundledReference, projectClientIcon, THUMB_TYPE } from './bundled-documents.ts';
import type { DocumentInput, UnknownFile } from './document-access.ts';
import { type BundledSet, openEmojiPack, PACK_SIDE, type PackDocument } from './emoji-pack.ts';
import { EVERYBODY } from './everybody.ts';
import { ANIMATION_TYPE } from './prepare-document.ts';

/** A document of the sets that ship with the server, by id. */
export function findPackDocument(id: bigint): PackDocument | undefined {
  return openEmojiPack().findPackDocument(id);
}

/** The emoji of a custom emoji that ships with the server, as `alt` of its document has it. @returns undefined if this is not the id of one */
export function bundledEmojiAlt(id: bigint): string | undefined {
  const document = findPackDocument(id);
  return document?.set.kind === 'emoji' ? document.emoji : CLIENT_ICONS.get(id)?.emoji;
}

/** Whether this is the id of a custom emoji that ships with the server. Such ids are the same on every server. */
export function isBundledEmoji(id: bigint): boolean {
  return bundledEmojiAlt(id) !== undefined;
}

/** Whether a document with this id ships with the server. */
export function isBundled(id: bigint): boolean {
  return findBundled(id) !== undefined || findPackDocument(id) !== undefined;
}

/** A sticker set as clients name it. */
interface SetName {
  id: bigint;
  shortName: string;
  /** The access hash, if clients have it built in. */
  accessHash?: bigint;
}

/** The set of animated emoji, as it is built into clients: some never ask for it by its purpose first. They know another one on test data centres. */
export const ANIMATED_EMOJI = {
  main: { id: 1_258_816_259_751_983n, shortName: 'AnimatedEmojies', accessHash: 5_100_237_018_658_464_041n },
  test: { id: 1_258_816_259_751_954n, shortName: 'emojies', accessHash: 4_879_754_868_529_595_811n },
} as const satisfies Record<string, SetName>;

/** The id and the short name under which clients of this server know a set; for the set of animated emoji, also the access hash that they have built in. Pure. */
export function nameOfSet({ id, shortName }: Pick<BundledSet, 'id' | 'shortName'>, { testDc }: Pick<DomainConfig, 'testDc'>): SetName {
  if (id === ANIMATED_EMOJI.main.id) return testDc ? ANIMATED_EMOJI.test : ANIMATED_EMOJI.main;
  return { id, shortName };
}

/** Whether people may have a set: not those that clients load by themselves, which are the animated emoji and the dice. Pure. */
export function isOffered({ id, die }: Pick<BundledSet, 'id' | 'die'>): boolean {
  return id !== ANIMATED_EMOJI.main.id && die === undefined;
}

/** The access hash of a sticker set, which is the same for all viewers: a post that shows a sticker is encoded once for all of them. */
export function hashOfSet(accessHashes: Pick<AccessHashes, 'of'>, setId: bigint): bigint {
  const builtIn = Object.values(ANIMATED_EMOJI).find(({ id }) => id === setId);
  return builtIn?.accessHash ?? accessHashes.of('sticker_set', EVERYBODY, setId);
}

/** The server, as far as documents show it. */
export type BundledPlace = Pick<DomainConfig, 'homeDcId' | 'testDc'>;

/** A document of the pack, without access hashes. All that is custom emoji is free: clients refuse it otherwise to those who have no Premium. Pure. */
function describePackDocument(document: PackDocument, place: BundledPlace): tl.document {
  const { id, emoji: alt, size, thumb, set } = document;
  const { thumb: thumbSide, animation: side } = PACK_SIDE;
  const stickerset: tl.InputStickerSet = { _: 'inputStickerSetID', id: nameOfSet(set, place).id, access_hash: 0n };
  return {
    _: 'document',
    id,
    access_hash: 0n,
    file_reference: projectBundledReference(document),
    date: BUNDLED_DATE,
    mime_type: ANIMATION_TYPE,
    size: BigInt(size),
    thumbs: [{ _: 'photoSize', type: THUMB_TYPE, w: thumbSide, h: thumbSide, size: thumb.size }],
    video_thumbs: undefined,
    dc_id: place.homeDcId,
    attributes: [
      { _: 'documentAttributeImageSize', w: side, h: side },
      set.kind === 'emoji'
        ? { _: 'documentAttributeCustomEmoji', free: true, text_color: set.textColor || undefined, alt, stickerset }
        : { _: 'documentAttributeSticker', alt, stickerset, mask_coords: undefined },
      { _: 'documentAttributeFilename', file_name: 'AnimatedSticker.tgs' },
    ],
  };
}

/** Describes a document that ships with the server, without access hashes, as messages store it. @returns undefined if the id is that of no such document */
export function describeBundled(id: bigint, place: BundledPlace): tl.document | undefined {
  const packed = findPackDocument(id);
  if (packed !== undefined) return describePackDocument(packed, place);
  const icon = CLIENT_ICONS.get(id);
  if (icon !== undefined) return projectClientIcon(icon, 0n, place.homeDcId);
  const bundled = findBundled(id);
  return bundled && projectBundledDocument(bundled, 0n, place.homeDcId);
}

/** Adds the access hash to the name of a sticker set. @param known hashes of sets that were computed before */
export function fillSet(stickerset: tl.InputStickerSet, accessHashes: Pick<AccessHashes, 'of'>, known: Map<bigint, bigint> = new Map()): tl.InputStickerSet {
  if (stickerset._ !== 'inputStickerSetID') return stickerset;
  const access_hash = known.get(stickerset.id) ?? hashOfSet(accessHashes, stickerset.id);
  known.set(stickerset.id, access_hash);
  return { ...stickerset, access_hash };
}

/** Adds to documents that ship with the server what clients need to load them and to find their sets. */
export function fillBundled(documents: readonly tl.document[], accessHashes: Pick<AccessHashes, 'of' | 'ofAll'>): tl.document[] {
  const hashes = accessHashes.ofAll('document', EVERYBODY, documents.map(({ id }) => id));
  const hashesOfSets = new Map<bigint, bigint>();
  return documents.map((document, at) => ({
    ...fillSetOf(document, accessHashes, hashesOfSets),
    access_hash: hashes[at]!,
    file_reference: projectBundledReference(document),
  }));
}

/** Adds to a document of a set what clients need to find the set; other documents stay as they are. @param known access hashes of sets, which are computed once */
export function fillSetOf(document: tl.document, accessHashes: Pick<AccessHashes, 'of'>, known = new Map<bigint, bigint>()): tl.document {
  if (!document.attributes.some((one) => 'stickerset' in one && one.stickerset._ === 'inputStickerSetID')) return document;
  return { ...document, attributes: document.attributes.map((one) => ('stickerset' in one ? { ...one, stickerset: fillSet(one.stickerset, accessHashes, known) } : one)) };
}

/**
 * Turns a client's reference to a document that ships with the server into that document, without access hashes. Everybody may read and send it.
 * @returns undefined if the id is that of no such document
 * @throws RpcError `unknown`, FILE_REFERENCE_EMPTY, FILE_REFERENCE_INVALID
 */
export function accessBundled(parts: { accessHashes: Pick<AccessHashes, 'matches'>; place: BundledPlace }, viewerId: bigint, input: DocumentInput, unknown: UnknownFile): tl.document | undefined {
  const document = describeBundled(input.id, parts.place);
  if (document === undefined) return undefined;
  // Earlier versions gave each viewer another access hash.
  const isKnown = [EVERYBODY, viewerId].some((id) => parts.accessHashes.matches('document', id, input.id, input.access_hash));
  if (!isKnown) throw rpcError(unknown);
  if (input.file_reference.length === 0) throw rpcError('FILE_REFERENCE_EMPTY');
  if (Buffer.compare(input.file_reference, projectBundledReference(document)) !== 0) throw rpcError('FILE_REFERENCE_INVALID');
  return document;
}
