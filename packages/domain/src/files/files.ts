import { BLOCK_BYTES, HASH_BYTES, type PartPlace } from '@aerogram/blob';
import { newPresentedId } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Counter } from '@aerogram/runtime';
import type { JobKind } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { BoxWriter } from '../events/index.ts';
import type { AccessHashes } from '../peers/index.ts';
import { type DomainDeps, onAccountHint } from '../shared/index.ts';
import {
  createContentGate,
  createConvertedUploads,
  createDocumentFacts,
  createDocumentUploads,
  createPhotoUploads,
  createStickerFiles,
  createUploadedBytes,
  createUploadedFiles,
  createWallpaperFiles,
  type DocumentUploads,
  type PhotoUploads,
  SetDocuments,
  UnsentLimit,
  type UploadedBytes,
  type UploadedFiles,
  type WallpaperFiles,
} from '../uploads/index.ts';
import { type BlobReader, createBlobJobs, createBlobReader, createBlobWrites, fileBytesMetric, findBlockHashes, HASHES_MAX, projectHashes, withFileStorage } from '../blobs/index.ts';
import {
  cleanMimeType,
  createFileAccess,
  documentIdsOf,
  type DocumentMedia,
  DOCUMENTS,
  type FileAccess,
  type FileLinks,
  type FileOrigin,
  type FileReferences,
  findAttachedSets,
  isBundled,
  listDocumentsInBox,
  type MediaFiller,
  mediaOfDocument,
  type MediaTarget,
  FileRights,
  PHOTOS,
  type ReadOrigin,
  type StoredDocument,
  type StoredPhoto,
  type VideoCover,
  wantedLifetime,
  withCover,
} from '../documents/index.ts';
import {
  createKeptDocuments,
  createPhotos,
  doRenewUnsent,
  type KeptDocuments,
  openPeerPhoto,
  openThumb,
  type Photos,
  type ReadPeerPhoto,
} from '../collections/index.ts';
import { SecretFiles } from '../secret-files/index.ts';
import type { BundledFiles } from '../sticker-sets/index.ts';
import { AttachedStickers } from './attached-stickers.ts';
import { createFileCollection } from './collection.ts';
import { fileTypeOf } from './file-type.ts';
import type { OpenFile } from './open-file.ts';
import { openForSets } from './open-for-sets.ts';
import { NamedFiles } from './named-files.ts';
import { createFileSources, type FileSource, type FileSources, type SourceName } from './file-sources.ts';

/** The cover of a piece of music. */
export interface OpenCover extends OpenFile {
  /** Bytes. */
  size: number;
  mimeType: string;
}

/** Media that are documents. */
export type DocumentMediaInput = tl.inputMediaUploadedDocument | tl.inputMediaDocument;

/** The parts that {@link Files} needs besides the dependencies. */
export interface FilesParts {
  accessHashes: AccessHashes;
  references: FileReferences;
  links: Pick<FileLinks, 'open'>;
  bundled: BundledFiles;
  filler: MediaFiller;
  readOrigin: ReadOrigin;
  readPeerPhoto: ReadPeerPhoto;
  /** The document that is the picture of a sticker set. */
  findSetPicture(input: tl.InputStickerSet): Promise<bigint | undefined>;
}

/** Documents that clients show and download. */
export class Files implements Disposable {
  readonly #deps: DomainDeps & Pick<BoxWriter, 'writeBoxes'>;
  readonly #parts: FilesParts;
  readonly #fileBytes: Counter<'direction'>;
  readonly #reader: BlobReader;
  /** Reads bytes for a client, and counts them. */
  readonly #read: BlobReader['read'];
  readonly #uploads: UploadedFiles;
  readonly #uploadBytes: UploadedBytes;
  readonly #photoUploads: PhotoUploads;
  readonly #documents: DocumentUploads;
  readonly #wallpaperFiles: WallpaperFiles;
  readonly #access: FileAccess<StoredDocument>;
  readonly #photoAccess: FileAccess<StoredPhoto>;
  readonly #rights: FileRights;
  readonly #sources: FileSources;
  readonly #changes: Disposable;
  readonly #attached: AttachedStickers;
  /** What ships with the server. */
  readonly bundled: BundledFiles;
  /** Photos that clients send and load. */
  readonly photos: Photos;
  /** Lists of documents that users keep. */
  readonly kept: KeptDocuments;
  /** Documents of sticker sets that people make. */
  readonly setDocuments: SetDocuments;
  /** Files that the server itself has named to somebody, or that somebody has a link to. */
  readonly named: NamedFiles;
  /** Files of secret chats. */
  readonly secret: SecretFiles;
  readonly jobKinds: readonly JobKind[];

  constructor(deps: DomainDeps & Pick<BoxWriter, 'writeBoxes'>, parts: FilesParts) {
    this.#deps = deps;
    this.#parts = parts;
    this.#fileBytes = deps.metrics.counter(fileBytesMetric);
    this.bundled = parts.bundled;
    const reader = createBlobReader(deps);
    this.#reader = reader;
    this.#read = async (...what) => {
      const bytes = await reader.read(...what);
      this.#fileBytes.inc({ direction: 'out' }, bytes.length);
      return bytes;
    };
    const writes = createBlobWrites(deps);
    const unsentLimit = new UnsentLimit(deps);
    const uploads = createUploadedFiles(deps, { reader, unsentLimit, gate: createContentGate(deps) });
    const uploadBytes = createUploadedBytes(deps, { uploads, reader });
    const thumbs = createPhotoUploads(deps, { uploads, writes, uploadBytes, unsentLimit, reader });
    const documents = createDocumentUploads(deps, {
      uploads,
      writes,
      facts: createDocumentFacts(deps, uploadBytes),
      thumbs,
      conversions: createConvertedUploads(deps, { writes, thumbs, unsentLimit }),
      stickers: createStickerFiles(deps, uploadBytes),
      unsentLimit,
    });
    this.#uploads = uploads;
    this.#uploadBytes = uploadBytes;
    this.#photoUploads = thumbs;
    this.#documents = documents;
    this.#wallpaperFiles = createWallpaperFiles(deps, { documents, uploadBytes });
    this.#rights = new FileRights(deps);
    const readers = { ...parts, reader, rights: this.#rights };
    const access = createFileAccess(DOCUMENTS, deps, readers);
    const photoAccess = createFileAccess(PHOTOS, deps, readers);
    this.#access = access;
    this.#changes = onAccountHint(deps.bus, (hint) => hint.kind === 'document' && access.forget(hint.documentId));
    this.#photoAccess = photoAccess;
    this.#sources = createFileSources({ documents: access, photos: photoAccess, read: this.#read });
    this.#attached = new AttachedStickers(deps.db, parts.accessHashes);
    const doCreatePhoto: PhotoUploads['doCreatePhoto'] = async (userId, input) => {
      const stored = await thumbs.doCreatePhoto(userId, input);
      return { ...stored, photo: await this.#attached.doAttach(stored.photo, input.stickers) };
    };
    this.photos = createPhotos(deps.db, { uploads: { doCreatePhoto, doCreateProfilePhoto: (...what) => thumbs.doCreateProfilePhoto(...what), doCropForProfile: (...what) => thumbs.doCropForProfile(...what) }, access: photoAccess, filler: parts.filler, accessHashes: parts.accessHashes, read: reader.read });
    this.kept = createKeptDocuments(deps, { access, uploads: documents, filler: parts.filler, place: deps.config, accessHashes: parts.accessHashes });
    this.setDocuments = new SetDocuments(deps, { open: openForSets({ bundled: this.bundled, access, read: reader.read }), writes, thumbs, unsentLimit });
    this.named = new NamedFiles({ ...parts, db: deps.db, read: this.#read });
    this.secret = new SecretFiles(deps, { accessHashes: parts.accessHashes, uploads, writes, read: this.#read });
    this.jobKinds = [...this.secret.jobKinds, ...createFileCollection(deps).jobKinds, ...createBlobJobs(deps)];
  }

  [Symbol.dispose](): void {
    this.#rights[Symbol.dispose]();
    this.#changes[Symbol.dispose]();
  }

  /**
   * Resolves a file location from a client to a file that it may read.
   * @throws RpcError LOCATION_INVALID, FILE_ID_INVALID, FILE_REFERENCE_EMPTY, FILE_REFERENCE_INVALID, FILE_REFERENCE_EXPIRED
   */
  async accessLocation(viewerId: bigint, location: tl.InputFileLocation): Promise<OpenFile> {
    if (location._ === 'inputPhotoFileLocation') return this.#sources.openPhoto(viewerId, location);
    if (location._ === 'inputPeerPhotoFileLocation') {
      await this.#parts.readPeerPhoto(viewerId, location);
      return openPeerPhoto({ db: this.#deps.db, read: this.#read }, location);
    }
    if (location._ === 'inputStickerSetThumb') return this.#openSetPicture(location);
    if (location._ === 'inputEncryptedFileLocation') return this.secret.open(viewerId, location);
    if (location._ !== 'inputDocumentFileLocation') throw rpcError('LOCATION_INVALID');
    return this.bundled.open(viewerId, location) ?? this.#openDocument(viewerId, location);
  }

  /**
   * Opens a file that the server itself has named to a viewer, if the viewer may read it at its origin now.
   * @throws RpcError FILE_ID_INVALID, FILE_REFERENCE_EXPIRED, LOCATION_INVALID
   */
  accessSource(viewerId: bigint, name: SourceName): Promise<FileSource> {
    return this.#sources.open(viewerId, name);
  }

  /** Reads a part of the content of a file; returns no bytes past the end. They belong to the caller. Throws as {@link BlobReader.read}. */
  readSource({ blob, start, size }: FileSource, offset: number, limit: number): Promise<Uint8Array> {
    return this.#reader.read(blob, start + offset, Math.max(0, Math.min(limit, size - offset)));
  }

  /**
   * Opens the cover that a piece of music has.
   * @throws RpcError DOCUMENT_INVALID, LOCATION_INVALID (it has none), and as {@link FileAccess.access}
   */
  async accessCover(viewerId: bigint, input: tl.inputDocument): Promise<OpenCover> {
    const { document } = await this.#access.access(viewerId, input, 'DOCUMENT_INVALID');
    const cover = document.attributes.some(({ _ }) => _ === 'documentAttributeAudio') ? document.thumbs?.find((size) => size._ === 'photoSize') : undefined;
    if (cover === undefined) throw rpcError('LOCATION_INVALID');
    return { mimeType: 'image/jpeg', ...(await openThumb({ db: this.#deps.db, read: this.#read }, document, cover.type)) };
  }

  /** Stores a part of a file. Throws as {@link UploadedFiles.doSavePart}. */
  async doSavePart(part: PartPlace, bytes: Uint8Array): Promise<void> {
    await this.#uploads.doSavePart(part, bytes);
    this.#fileBytes.inc({ direction: 'in' }, bytes.length);
  }

  /** Deletes an upload of which nothing was made. */
  async doDiscardUpload(userId: bigint, fileId: bigint): Promise<void> {
    await withFileStorage(() => this.#deps.fileStorage.uploads.discard(userId, fileId));
  }

  /**
   * Reads a small file that a user has uploaded, and deletes the upload.
   * @returns undefined if it is longer than `maxBytes`
   * @throws RpcError as {@link UploadedFiles.useUpload}
   */
  doTakeUpload(userId: bigint, file: tl.InputFile, maxBytes: number): Promise<Uint8Array | undefined> {
    return this.#uploads.useUpload(userId, file, async (upload, content) => {
      const bytes = content.size > maxBytes ? undefined : await (await this.#uploadBytes.open(upload, content))?.read(0, content.size);
      await this.doDiscardUpload(userId, upload.fileId);
      return bytes;
    });
  }

  /**
   * Makes the media of a message from a file that the user has uploaded, or from a document that the user may read.
   * @throws RpcError as {@link UploadedFiles.useUpload} and {@link FileAccess.accessToCopy}, DOCUMENT_INVALID, TTL_MEDIA_INVALID
   */
  async doPrepareMedia(userId: bigint, input: DocumentMediaInput, target?: MediaTarget): Promise<tl.messageMediaDocument> {
    return (await this.#prepare(userId, input, target)).media;
  }

  /**
   * Makes media that are not sent yet, with access hash and file reference. The reference to a document that existed before names the origin by which
   * the user has named it, so that it is worth nothing once that right is lost. Throws as {@link Files.doPrepareMedia}.
   */
  async doUploadMedia(userId: bigint, input: DocumentMediaInput, target?: MediaTarget): Promise<tl.messageMediaDocument> {
    const { filler } = this.#parts;
    const { media, origin, coverOrigin } = await this.#prepare(userId, input, target);
    const unsent = [
      ...(input._ === 'inputMediaDocument' && origin.kind === 'upload' ? documentIdsOf({ ...media, video_cover: undefined }) : []),
      ...(coverOrigin?.kind === 'upload' && media.video_cover?._ === 'photo' ? [media.video_cover.id] : []),
    ];
    if (unsent.length > 0 && !(await doRenewUnsent(this.#deps.db, unsent))) throw rpcError('DOCUMENT_INVALID');
    const cover = media.video_cover?._ === 'photo' && coverOrigin !== undefined ? filler.fillPhoto(media.video_cover, coverOrigin) : undefined;
    return { ...media, document: filler.fillDocument(media.document, origin), video_cover: cover };
  }

  /** Makes the document of a wallpaper. Throws as {@link WallpaperFiles.doCreate}. */
  doCreateWallpaperFile(userId: bigint, file: tl.InputFile, mimeType: string): Promise<tl.document> {
    return this.#wallpaperFiles.doCreate(userId, file, mimeType);
  }

  /**
   * Lists the SHA-256 hashes of a part of a file that the viewer may read, in blocks of 128 KiB.
   * @param offset the first block is the one with this byte
   * @throws RpcError as {@link Files.accessLocation}
   */
  async listHashes(viewerId: bigint, location: tl.InputFileLocation, offset: number): Promise<tl.fileHash[]> {
    if (location._ !== 'inputDocumentFileLocation' || location.thumb_size !== '' || isBundled(location.id)) throw rpcError('LOCATION_INVALID');
    const { blob } = await this.#access.access(viewerId, location, 'FILE_ID_INVALID');
    // From the end of the file on there are no hashes.
    const first = Math.min(Math.floor(offset / BLOCK_BYTES), Math.ceil(blob.size / BLOCK_BYTES));
    const hashes = await findBlockHashes(this.#deps.db, blob.identity, { first, count: HASHES_MAX });
    if (hashes === undefined) throw rpcError('FILE_ID_INVALID');
    return projectHashes(hashes, blob.size, first);
  }

  /**
   * Finds a document of at most 10 MiB with this content in the messages of the viewer's own chats. Documents of others are not found, so that nobody learns who has
   * which file.
   * @throws RpcError SHA256_HASH_INVALID
   */
  async findByHash(viewerId: bigint, { sha256, size, mimeType }: { sha256: Uint8Array; size: bigint; mimeType: string }): Promise<tl.Document> {
    if (sha256.length !== HASH_BYTES) throw rpcError('SHA256_HASH_INVALID');
    const wanted = cleanMimeType(mimeType);
    const found = (await listDocumentsInBox(this.#deps.db, viewerId, { sha256, size })).find(({ stored }) => stored.document.mime_type === wanted);
    return found === undefined ? { _: 'documentEmpty', id: 0n } : this.#parts.filler.fillDocument(found.stored.document, { kind: 'message', msgId: found.msgId });
  }

  /**
   * The sets of the stickers that were put on a photo or file which somebody may read.
   * @throws RpcError MEDIA_EMPTY (it is named by nothing), and as {@link FileAccess.access}
   */
  async findAttachedSets(viewerId: bigint, media: tl.InputStickeredMedia): Promise<bigint[]> {
    if (media._ === 'inputStickeredMediaPhoto') {
      if (media.id._ !== 'inputPhoto') throw rpcError('MEDIA_EMPTY');
      return findAttachedSets(this.#deps.db, (await this.#photoAccess.access(viewerId, media.id, 'MEDIA_INVALID')).photo.id);
    }
    if (media.id._ !== 'inputDocument') throw rpcError('MEDIA_EMPTY');
    // What ships with the server has nothing on it.
    if (isBundled(media.id.id)) return [];
    return findAttachedSets(this.#deps.db, (await this.#access.access(viewerId, media.id, 'MEDIA_INVALID')).document.id);
  }

  /** The picture of a sticker set. The version in the location is for the caches of clients. */
  async #openSetPicture({ stickerset }: tl.inputStickerSetThumb): Promise<OpenFile> {
    const documentId = await this.#parts.findSetPicture(stickerset);
    const file = documentId === undefined ? undefined : await this.named.openDocument(documentId);
    if (file === undefined) throw rpcError('LOCATION_INVALID');
    return { type: fileTypeOf(file.mimeType), changed_date: file.date, read: file.read };
  }

  async #openDocument(viewerId: bigint, location: tl.inputDocumentFileLocation): Promise<OpenFile> {
    const { document, source } = await this.#sources.openDocument(viewerId, location);
    if (location.thumb_size !== '') return openThumb({ db: this.#deps.db, read: this.#read }, document, location.thumb_size);
    return { type: fileTypeOf(document.mime_type), changed_date: document.date, read: (offset, limit) => this.#read(source.blob, offset, limit), source };
  }

  async #createDocument(userId: bigint, input: tl.inputMediaUploadedDocument): Promise<tl.document> {
    const documentId = newPresentedId(this.#deps.random, this.#deps.config.homeDcId);
    const sizes = input.thumb && (await this.#photoUploads.doCreateThumb(userId, input.thumb, documentId));
    const { document } = await this.#documents.doCreateDocument(userId, input, sizes && { documentId, sizes });
    return this.#attached.doAttach(document, input.stickers);
  }

  /** The cover of a video, which is a photo that the user may read, and the origin whose readers may read it. */
  async #prepareCover(userId: bigint, { video_cover: input, video_timestamp: timestamp }: DocumentMediaInput, edited: MediaTarget['edited']): Promise<VideoCover & { origin: FileOrigin | undefined }> {
    if (input?._ !== 'inputPhoto') return { cover: undefined, timestamp, origin: undefined };
    const { photo, origin } = await this.#photoAccess.accessToCopy(userId, input, 'MEDIA_INVALID', edited);
    return { cover: photo, timestamp, origin };
  }

  /** The media of a message, and the origins whose readers may read their document and its cover. */
  async #prepare(userId: bigint, input: DocumentMediaInput, { to, edited }: MediaTarget = {}): Promise<{ media: DocumentMedia; origin: FileOrigin; coverOrigin: FileOrigin | undefined }> {
    const show = { spoiler: input.spoiler === true, ttlSeconds: wantedLifetime(input.ttl_seconds, { userId, to }) };
    const { origin: coverOrigin, ...cover } = await this.#prepareCover(userId, input, edited);
    const mediaOf = (document: tl.document): DocumentMedia => withCover(mediaOfDocument(document, show), cover);
    if (input._ === 'inputMediaUploadedDocument') return { media: mediaOf(await this.#createDocument(userId, input)), origin: { kind: 'upload' }, coverOrigin };
    if (input.id._ !== 'inputDocument') throw rpcError('DOCUMENT_INVALID');
    const bundled = this.bundled.access(userId, input.id, 'DOCUMENT_INVALID');
    if (bundled !== undefined) return { media: mediaOf(bundled), origin: { kind: 'upload' }, coverOrigin };
    const { document, origin } = await this.#access.accessToCopy(userId, input.id, 'DOCUMENT_INVALID', edited);
    return { media: mediaOf(document), origin, coverOrigin };
  }
}
