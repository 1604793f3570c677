import { hash } from 'node:crypto';

import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { AccessHashes } from '../peers/index.ts';
import {
  accessBundled,
  BUNDLED_DATE,
  BUNDLED_DOCUMENTS,
  BUNDLED_EFFECTS,
  BUNDLED_REACTIONS,
  type BundledPlace,
  describeBundled,
  type DocumentInput,
  EVERYBODY,
  fillBundled,
  findBundled,
  findPackDocument,
  forEachRole,
  hashOfSet,
  isBundledEmoji,
  openEmojiPack,
  projectBundledDocument,
  readBundledDocument,
  THUMB_TYPE,
  type UnknownFile,
} from '../documents/index.ts';
import { type InstalledState, projectSet, type SetHead } from './served-set.ts';
import { SetCatalogue } from './set-catalogue.ts';

/** Increase this when the TL objects of the documents change, so that clients with a cached list of reactions fetch it again. */
const DESCRIPTION_VERSION = 1n;

/** A document that ships with the server, as somebody reads it. */
export interface OpenBundled {
  type: tl.storage.FileType;
  /** Unix seconds. */
  changed_date: number;
  /** Reads at most `limit` bytes from `offset`; returns no bytes past the end. */
  read(offset: number, limit: number): Promise<Uint8Array>;
}

/** The file of a document that ships with the server, or of its still picture. */
interface BundledBytes {
  isPicture: boolean;
  /** Bytes. */
  size: number;
  read(offset: number, limit: number): Promise<Uint8Array>;
}

/** What ships with the server: the reactions with their documents, and the sticker sets. */
export class BundledFiles {
  readonly #accessHashes: AccessHashes;
  readonly #place: BundledPlace;
  /** The sticker sets. */
  readonly sets: SetCatalogue;

  constructor(accessHashes: AccessHashes, place: BundledPlace) {
    this.#accessHashes = accessHashes;
    this.#place = place;
    this.sets = new SetCatalogue(accessHashes, place);
  }

  /**
   * Opens a document that ships with the server.
   * @returns undefined if the id is that of no such document
   * @throws RpcError FILE_ID_INVALID, FILE_REFERENCE_EMPTY, FILE_REFERENCE_INVALID, LOCATION_INVALID
   */
  open(viewerId: bigint, location: tl.inputDocumentFileLocation): OpenBundled | undefined {
    if (this.access(viewerId, location, 'FILE_ID_INVALID') === undefined) return undefined;
    const file = openBytes(location.id, location.thumb_size);
    if (file === undefined) throw rpcError('LOCATION_INVALID');
    return { type: { _: file.isPicture ? 'storage.fileWebp' : 'storage.fileUnknown' }, changed_date: BUNDLED_DATE, read: (offset, limit) => file.read(offset, limit) };
  }

  /** Opens what the server itself has named: a document, or its still picture. @returns undefined if it does not ship with the server */
  openNamed(id: bigint, thumbSize: string): (Pick<BundledBytes, 'size' | 'read'> & { name: string; mimeType: string; date: number; identity: string }) | undefined {
    const [document, file] = [describeBundled(id, this.#place), openBytes(id, thumbSize)];
    if (document === undefined || file === undefined) return undefined;
    const named = document.attributes.find((one) => one._ === 'documentAttributeFilename');
    // The id is a hash of the content.
    const identity = hash('sha256', `${id} ${thumbSize}`);
    return { name: named?.file_name ?? '', mimeType: file.isPicture ? 'image/webp' : document.mime_type, size: file.size, date: BUNDLED_DATE, identity, read: (offset, limit) => file.read(offset, limit) };
  }

  /** Turns a client's reference into a document, as messages store it. Throws as {@link accessBundled}. */
  access(viewerId: bigint, input: DocumentInput, unknown: UnknownFile): tl.document | undefined {
    return accessBundled({ accessHashes: this.#accessHashes, place: this.#place }, viewerId, input, unknown);
  }

  /** Documents as clients get them, in the order of the ids; those that do not ship with the server are left out. */
  listDocuments(ids: Iterable<bigint>): tl.document[] {
    const described = Array.from(ids, (id) => describeBundled(id, this.#place) ?? []);
    return fillBundled(described.flat(), this.#accessHashes);
  }

  /** Lists numbers that identify the current list of reactions: the ids of its documents and the version of their TL objects. */
  listReactionIds(): Iterable<bigint> {
    return [...BUNDLED_DOCUMENTS.keys(), DESCRIPTION_VERSION];
  }

  /** Lists the available reactions with their documents. */
  listReactions(): tl.availableReaction[] {
    return BUNDLED_REACTIONS.map(({ emoji, title, documents }): tl.availableReaction => ({
      _: 'availableReaction',
      reaction: emoji,
      title,
      ...forEachRole((role) => this.#project(documents[role])),
    }));
  }

  /** Lists numbers that identify the current list of effects, like {@link listReactionIds}. */
  listEffectIds(): Iterable<bigint> {
    return [...BUNDLED_EFFECTS.keys(), DESCRIPTION_VERSION];
  }

  /** Lists the effects of messages, and their documents. */
  listEffects(): Pick<tl.messages.availableEffects, 'effects' | 'documents'> {
    const used = [...BUNDLED_EFFECTS.values()];
    return {
      effects: [...BUNDLED_EFFECTS].map(([id, { emoji, icon, sticker, animation }]) => ({
        _: 'availableEffect', id, emoticon: emoji, static_icon_id: icon.id, effect_sticker_id: sticker.id, effect_animation_id: animation.id,
      })),
      documents: used.flatMap(({ icon, sticker, animation }) => [icon, sticker, animation]).map((document) => this.#project(document)),
    };
  }

  /** The TL object of a set, without its documents. */
  projectSet(set: SetHead, state: InstalledState & { viewerId?: bigint } = {}): tl.stickerSet {
    return projectSet(set, { ...state, accessHash: hashOfSet(this.#accessHashes, set.id), dcId: this.#place.homeDcId });
  }

  /** A custom emoji. @returns undefined if none with this id ships with the server */
  findCustomEmoji(id: bigint): tl.document | undefined {
    return isBundledEmoji(id) ? this.listDocuments([id])[0] : undefined;
  }

  /** Documents of a set, in the order of the ids. Those of reactions have no set of their own, and belong to whichever set shows them. */
  listDocumentsOf(set: SetHead, ids: readonly bigint[]): tl.document[] {
    const documents = this.listDocuments(ids);
    const stickerset: tl.InputStickerSet = { _: 'inputStickerSetID', id: set.id, access_hash: hashOfSet(this.#accessHashes, set.id) };
    return documents.map((document) => ({
      ...document,
      attributes: document.attributes.map((one) => ('stickerset' in one && one.stickerset._ === 'inputStickerSetEmpty' ? { ...one, stickerset } : one)),
    }));
  }

  #project(document: Parameters<typeof projectBundledDocument>[0]): tl.document {
    return projectBundledDocument(document, this.#accessHashes.of('document', EVERYBODY, document.id), this.#place.homeDcId);
  }
}

/** Opens the file of a document, or of its still picture. @returns undefined if there is none */
function openBytes(id: bigint, thumbSize: string): BundledBytes | undefined {
  if (thumbSize !== '' && thumbSize !== THUMB_TYPE) return undefined;
  const packed = findPackDocument(id);
  if (packed !== undefined) {
    const part = thumbSize === '' ? packed : packed.thumb;
    return { isPicture: thumbSize !== '', size: part.size, read: (offset, limit) => openEmojiPack().readPackBytes(part, offset, limit) };
  }
  const bundled = findBundled(id);
  const file = thumbSize === '' ? bundled : bundled?.thumb;
  return file && {
    isPicture: file.kind === 'webp',
    size: file.size,
    read: async (offset, limit) => (offset >= file.size ? new Uint8Array() : (await readBundledDocument(file)).subarray(offset, offset + limit)),
  };
}
