import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { AccessHashes } from '../peers/index.ts';
import {
  BUNDLED_DATE,
  BUNDLED_DOCUMENTS,
  BUNDLED_EFFECTS,
  BUNDLED_REACTIONS,
  CLIENT_ICONS,
  findBundled,
  forEachRole,
  projectBundledDocument,
  projectBundledReference,
  projectClientIcon,
  readBundledDocument,
  THUMB_TYPE,
} from '../documents/index.ts';
import { projectServiceSet } from './service-sticker-sets.ts';

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

/** What ships with the server: the reactions with their documents, and the sticker sets of the service. */
export class BundledFiles {
  readonly #accessHashes: AccessHashes;
  readonly #homeDcId: number;

  constructor(accessHashes: AccessHashes, homeDcId: number) {
    this.#accessHashes = accessHashes;
    this.#homeDcId = homeDcId;
  }

  /**
   * Opens a document that ships with the server.
   * @returns undefined if the id is that of no such document
   * @throws RpcError FILE_ID_INVALID, FILE_REFERENCE_EMPTY, FILE_REFERENCE_INVALID, LOCATION_INVALID
   */
  open(viewerId: bigint, { id, access_hash, file_reference, thumb_size }: tl.inputDocumentFileLocation): OpenBundled | undefined {
    const document = findBundled(id);
    if (document === undefined) return undefined;
    if (!this.#accessHashes.matches('document', viewerId, id, access_hash)) throw rpcError('FILE_ID_INVALID');
    if (file_reference.length === 0) throw rpcError('FILE_REFERENCE_EMPTY');
    if (Buffer.compare(file_reference, projectBundledReference(document)) !== 0) throw rpcError('FILE_REFERENCE_INVALID');
    const file = thumb_size === '' ? document : thumb_size === THUMB_TYPE ? document.thumb : undefined;
    if (file === undefined) throw rpcError('LOCATION_INVALID');
    return {
      type: { _: file.kind === 'webp' ? 'storage.fileWebp' : 'storage.fileUnknown' },
      changed_date: BUNDLED_DATE,
      async read(offset, limit) {
        return offset >= file.size ? new Uint8Array() : (await readBundledDocument(file)).subarray(offset, offset + limit);
      },
    };
  }

  /** Lists numbers that identify the current list of reactions: the ids of its documents and the version of their TL objects. */
  listReactionIds(): Iterable<bigint> {
    return [...BUNDLED_DOCUMENTS.keys(), DESCRIPTION_VERSION];
  }

  /** Lists the available reactions with their documents. */
  listReactions(viewerId: bigint): tl.availableReaction[] {
    return BUNDLED_REACTIONS.map(({ emoji, title, documents }): tl.availableReaction => ({
      _: 'availableReaction',
      reaction: emoji,
      title,
      ...forEachRole((role) => projectBundledDocument(documents[role], this.#accessHashes.of('document', viewerId, documents[role].id), this.#homeDcId)),
    }));
  }

  /** Lists numbers that identify the current list of effects, like {@link listReactionIds}. */
  listEffectIds(): Iterable<bigint> {
    return [...BUNDLED_EFFECTS.keys(), DESCRIPTION_VERSION];
  }

  /** Lists the effects of messages, and their documents. */
  listEffects(viewerId: bigint): Pick<tl.messages.availableEffects, 'effects' | 'documents'> {
    const used = [...BUNDLED_EFFECTS.values()];
    return {
      effects: [...BUNDLED_EFFECTS].map(([id, { emoji, icon, sticker, animation }]) => ({
        _: 'availableEffect', id, emoticon: emoji, static_icon_id: icon.id, effect_sticker_id: sticker.id, effect_animation_id: animation.id,
      })),
      documents: used.flatMap(({ icon, sticker, animation }) => [icon, sticker, animation]).map((document) => projectBundledDocument(document, this.#accessHashes.of('document', viewerId, document.id), this.#homeDcId)),
    };
  }

  /**
   * Returns a sticker set of the service with its documents.
   * @throws RpcError STICKERSET_INVALID, EMOTICON_STICKERPACK_MISSING
   */
  projectStickerSet(viewerId: bigint, input: tl.InputStickerSet): tl.messages.stickerSet {
    return projectServiceSet({ accessHashes: this.#accessHashes, viewerId, homeDcId: this.#homeDcId }, input);
  }

  /** A custom emoji that clients draw by an id that is built into them. @returns undefined for other ids */
  findClientIcon(viewerId: bigint, id: bigint): tl.document | undefined {
    const icon = CLIENT_ICONS.get(id);
    return icon && projectClientIcon(icon, this.#accessHashes.of('document', viewerId, id), this.#homeDcId);
  }
}
