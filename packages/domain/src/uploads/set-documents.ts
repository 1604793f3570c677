import { hash } from 'node:crypto';

import { rpcError } from '@aerogram/errors';
import type { MadePhoto } from '@aerogram/media';
import type { tl } from '@aerogram/tl';

import { type BlobWrites, checkNotBlocked, insertBlob, lockBlob, type NewBlob, prepareContent } from '../blobs/index.ts';
import { insertDocument, type StoredDocument, thumbIdOf } from '../documents/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { type DocumentThumb, makeDocument } from './add-document.ts';
import type { OwnThumbs } from './own-thumbs.ts';
import { makeSetFile, type SetFileUse } from './set-sticker-file.ts';
import type { UnsentLimit } from './unsent-limit.ts';
import { giveUpUnsent, lockUploader } from './unsent-store.ts';
import type { UploadBytes } from './uploaded-bytes.ts';

/** A document that somebody may copy into a set. */
export interface SetSource extends UploadBytes {
  id: bigint;
  mimeType: string;
}

/** What to make of a document. */
export interface SetDocumentWish {
  use: SetFileUse;
  /** What the set says of it: that it is a sticker, a mask or a custom emoji of this set. */
  attributes: readonly tl.DocumentAttribute[];
  /** Finds a picture for the thumbnail of an animation: the server cannot draw animations. */
  still(): Promise<MadePhoto | undefined>;
}

/** A document that was made for a set, and the one of which it was made. */
export interface SetDocument {
  stored: StoredDocument;
  sourceId: bigint;
}

/** What a new document says of itself. */
interface Described {
  mimeType: string;
  attributes: tl.DocumentAttribute[];
  thumb: DocumentThumb | undefined;
}

type Deps = Pick<DomainDeps, 'db' | 'clock' | 'random' | 'config' | 'fileStorage' | 'photos' | 'media'>;

interface Parts {
  open(userId: bigint, input: tl.InputDocument): Promise<SetSource>;
  writes: BlobWrites;
  thumbs: OwnThumbs;
  unsentLimit: UnsentLimit;
}

/** The names of files by their types, by which some clients recognise stickers. */
const FILE_NAMES: Readonly<Record<string, string>> = { 'image/webp': 'sticker.webp', 'application/x-tgsticker': 'AnimatedSticker.tgs', 'video/webm': 'sticker.webm' };

/** Makes the documents of sticker sets. Each is a row of its own, which never belongs to another set; what has the same content shares the blob. */
export class SetDocuments {
  readonly #deps: Deps;
  readonly #parts: Parts;

  constructor(deps: Deps, parts: Parts) {
    this.#deps = deps;
    this.#parts = parts;
  }

  /**
   * Makes a document of one that the user may read. Until a set has it, it counts among the files of the user that are not sent, and is collected as these.
   * @throws RpcError as {@link makeSetFile}, STICKER_FILE_INVALID, MEDIA_INVALID (an operator has blocked it), FLOOD_WAIT_%d
   */
  async doMake(userId: bigint, input: tl.InputDocument, { use, attributes, still }: SetDocumentWish): Promise<SetDocument> {
    const source = await this.#parts.open(userId, input);
    const file = await makeSetFile(this.#deps, { userId, use, mimeType: source.mimeType }, source);
    const picture = file.picture ?? (await still());
    const thumb = picture && (await this.#parts.thumbs.doStoreThumb(userId, picture, file.bytes.length));
    const named = [...file.attributes, ...attributes, { _: 'documentAttributeFilename' as const, file_name: FILE_NAMES[file.mimeType] ?? 'sticker' }];
    const stored = await this.#store(userId, file.bytes, { mimeType: file.mimeType, attributes: named, thumb });
    return { stored, sourceId: source.id };
  }

  /** Gives up documents that no set will have, because the call that was to make it has failed. */
  async doGiveUp(ids: readonly bigint[]): Promise<void> {
    if (ids.length > 0) await this.#deps.db.transact('give-up-set-documents', (tx) => giveUpUnsent(tx, [...ids, ...ids.map(thumbIdOf)]));
  }

  async #store(userId: bigint, bytes: Uint8Array, described: Described): Promise<StoredDocument> {
    const { writes } = this.#parts;
    const content = prepareContent(this.#deps, bytes);
    await writes.replaceLostBytes(content);
    const added: NewBlob = { ...content, sha256: hash('sha256', bytes, 'buffer'), dcId: this.#deps.config.homeDcId };
    const create = (blob: { identity: Uint8Array; added?: NewBlob }): Promise<StoredDocument | undefined> => this.#create(userId, blob, described);
    const created = (await create({ identity: content.identity })) ?? (await writes.store(content, () => create({ identity: content.identity, added })));
    if (created === undefined) throw rpcError('STICKER_FILE_INVALID');
    return created;
  }

  /** @returns undefined if there is no blob of this identity, and none to add */
  #create(userId: bigint, content: { identity: Uint8Array; added?: NewBlob }, { mimeType, attributes, thumb }: Described): Promise<StoredDocument | undefined> {
    const { db, clock } = this.#deps;
    return db.transact('create-set-document', async (tx) => {
      const date = clock.now();
      await checkNotBlocked(tx, content.identity);
      const blob = (await lockBlob(tx, content.identity)) ?? (content.added && (await insertBlob(tx, content.added, date)));
      if (blob === undefined) return undefined;
      await lockUploader(tx, userId);
      await this.#parts.unsentLimit.check(tx, userId, blob.size);
      const document = makeDocument(this.#deps, { blob, mimeType, attributes, thumb });
      const stored = { id: document.id, uploaderId: userId, document, blob };
      await insertDocument(tx, stored, date);
      return stored;
    });
  }
}
