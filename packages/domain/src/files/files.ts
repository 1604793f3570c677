import { BLOCK_BYTES, HASH_BYTES, type PartPlace } from '@aerogram/blob';
import { newPresentedId } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { JobKind } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { BoxWriter } from '../events/index.ts';
import type { AccessHashes } from '../peers/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import {
  type BundledDocument,
  BUNDLED_DATE,
  BUNDLED_DOCUMENTS,
  BUNDLED_REACTIONS,
  CLIENT_ICONS,
  findBundled,
  projectBundledDocument,
  projectClientIcon,
  projectBundledReference,
  readBundledDocument,
  THUMB_TYPE,
} from './bundled-documents.ts';
import { createAnimationUploads } from './animation-uploads.ts';
import { createBlobJobs } from './blob-jobs.ts';
import { type BlobContent, createBlobReader } from './blob-reader.ts';
import { HASHES_MAX, projectHashes } from './project-hashes.ts';
import { createFileCollection } from './collection.ts';
import { createBlobWrites } from './blob-writes.ts';
import { createContentGate } from './content-gate.ts';
import { createFileAccess, DOCUMENTS, PHOTOS, type ReadOrigin } from './document-access.ts';
import { findBlockHashes } from './blob-row-store.ts';
import { findDocuments, listDocumentsInBox } from './document-store.ts';
import { createDocumentFacts } from './document-facts.ts';
import { createDocumentUploads } from './document-uploads.ts';
import type { FileLinks } from './file-links.ts';
import { fileBytesMetric } from './file-metrics.ts';
import type { FileOrigin, FileReferences } from './file-reference.ts';
import { createFileSources, type FileSource, type SourceName } from './file-sources.ts';
import { type MediaTarget, wantedLifetime } from './lifetime.ts';
import { createKeptDocuments, type KeptDocuments } from './kept-documents.ts';
import { doRenewUnsent } from './lock-document.ts';
import { documentIdsOf } from './media-files.ts';
import type { MediaFiller } from './media-filler.ts';
import { createPhotoUploads } from './photo-uploads.ts';
import { createPhotos, openPeerPhoto, openThumb, type Photos, type ReadPeerPhoto } from './photos.ts';
import { cleanMimeType, type DocumentMedia, mediaOfDocument, type VideoCover, withCover } from './prepare-document.ts';
import { forEachRole } from './reaction-roles.ts';
import { projectServiceSet } from './service-sticker-sets.ts';
import { createStickerFiles } from './sticker-file.ts';
import { UnsentLimit } from './unsent-limit.ts';
import { createUploadedBytes } from './uploaded-bytes.ts';
import { createUploadedFiles } from './uploaded-files.ts';
import { createWallpaperFiles, type WallpaperFiles } from './wallpaper-files.ts';

/** A file that the caller may read. */
export interface OpenFile {
  type: tl.storage.FileType;
  /** Unix seconds. */
  changed_date: number;
  /**
   * Reads at most `limit` bytes from `offset`; returns no bytes past the end. They belong to the caller, who may free them.
   * Throws FilesUnavailable while the store cannot be reached.
   */
  read(offset: number, limit: number): Promise<Uint8Array>;
  /** What it is, if it is a document or a size of a photo that the caller has from an origin. */
  source?: FileSource | undefined;
}

/** The cover of a piece of music. */
export interface OpenCover extends OpenFile {
  /** Bytes. */
  size: number;
  mimeType: string;
}

/** A document that somebody loads by a link. */
export interface LinkedFile extends Pick<OpenFile, 'read'> {
  /** As its uploader has named it; '' if it has no name. */
  name: string;
  mimeType: string;
  /** Bytes. */
  size: number;
  /** Unix seconds. */
  date: number;
  /** Equal for equal content: 64 hex digits. */
  identity: string;
  /** How long the link is still valid, in seconds. */
  linkSeconds: number;
}

/** Documents that clients show and download. */
export interface Files {
  /**
   * Resolves a file location from a client to a file that it may read.
   * @throws RpcError LOCATION_INVALID, FILE_ID_INVALID, FILE_REFERENCE_EMPTY, FILE_REFERENCE_INVALID, FILE_REFERENCE_EXPIRED
   */
  accessLocation(viewerId: bigint, location: tl.InputFileLocation): Promise<OpenFile>;
  /**
   * Opens a file that the server itself has named to a viewer, if the viewer may read it at its origin now.
   * @throws RpcError FILE_ID_INVALID, FILE_REFERENCE_EXPIRED, LOCATION_INVALID
   */
  accessSource(viewerId: bigint, name: SourceName): Promise<FileSource>;
  /** Reads a part of the content of a file; returns no bytes past the end. They belong to the caller. Throws as {@link BlobReader.read}. */
  readSource(source: FileSource, offset: number, limit: number): Promise<Uint8Array>;
  /**
   * Opens the cover that a piece of music has.
   * @throws RpcError DOCUMENT_INVALID, LOCATION_INVALID (it has none), and as {@link FileAccess.access}
   */
  accessCover(viewerId: bigint, input: tl.inputDocument): Promise<OpenCover>;
  /** Stores a part of a file. Throws as {@link UploadedFiles.doSavePart}. */
  doSavePart(part: PartPlace, bytes: Uint8Array): Promise<void>;
  /**
   * Makes the media of a message from a file that the user has uploaded, or from a document that the user may read.
   * @throws RpcError as {@link UploadedFiles.useUpload} and {@link FileAccess.accessToCopy}, DOCUMENT_INVALID, TTL_MEDIA_INVALID
   */
  doPrepareMedia(userId: bigint, input: DocumentMediaInput, target?: MediaTarget): Promise<tl.messageMediaDocument>;
  /**
   * Makes media that are not sent yet, with access hash and file reference. The reference to a document that existed before names the origin by which
   * the user has named it, so that it is worth nothing once that right is lost. Throws as {@link Files.doPrepareMedia}.
   */
  doUploadMedia(userId: bigint, input: DocumentMediaInput, target?: MediaTarget): Promise<tl.messageMediaDocument>;
  /**
   * Lists the SHA-256 hashes of a part of a file that the viewer may read, in blocks of 128 KiB.
   * @param offset the first block is the one with this byte
   * @throws RpcError as {@link Files.accessLocation}
   */
  listHashes(viewerId: bigint, location: tl.InputFileLocation, offset: number): Promise<tl.fileHash[]>;
  /**
   * Finds a document of at most 10 MiB with this content in the messages of the viewer's own chats. Documents of others are not found, so that nobody learns who has
   * which file.
   * @throws RpcError SHA256_HASH_INVALID
   */
  findByHash(viewerId: bigint, content: { sha256: Uint8Array; size: bigint; mimeType: string }): Promise<tl.Document>;
  /** Makes the document of a wallpaper. Throws as {@link WallpaperFiles.doCreate}. */
  doCreateWallpaperFile: WallpaperFiles['doCreate'];
  readonly jobKinds: readonly JobKind[];
  /** Lists of documents that users keep. */
  readonly kept: KeptDocuments;
  /** Photos. */
  readonly photos: Photos;
  /** Finds the document of a link. @returns undefined if the link is not ours or not valid any more, or the document is gone or was deleted by an operator */
  openLink(token: string): Promise<LinkedFile | undefined>;
  /** Lists numbers that identify the current list of reactions: the ids of its documents and the version of their TL objects. */
  listReactionIds(): Iterable<bigint>;
  /** Lists the available reactions with their documents. */
  listReactions(viewerId: bigint): tl.availableReaction[];
  /**
   * Returns a sticker set with its documents.
   * @throws RpcError STICKERSET_INVALID, EMOTICON_STICKERPACK_MISSING
   */
  projectStickerSet(viewerId: bigint, input: tl.InputStickerSet): tl.messages.stickerSet;
  /** A custom emoji that clients draw by an id that is built into them. @returns undefined for other ids */
  findClientIcon(viewerId: bigint, id: bigint): tl.document | undefined;
}

/** Media that are documents. */
export type DocumentMediaInput = tl.inputMediaUploadedDocument | tl.inputMediaDocument;

/** The parts that {@link createFiles} needs besides the dependencies. */
export interface FilesParts {
  accessHashes: AccessHashes;
  references: FileReferences;
  links: Pick<FileLinks, 'open'>;
  filler: MediaFiller;
  readOrigin: ReadOrigin;
  readPeerPhoto: ReadPeerPhoto;
}

/** Increase this when the TL objects of the documents change, so that clients with a cached list of reactions fetch it again. */
const DESCRIPTION_VERSION = 1n;

/** Creates the file operations. */
export function createFiles(deps: DomainDeps & Pick<BoxWriter, 'writeBoxes'>, parts: FilesParts): Files {
  const { db, config } = deps;
  const fileBytes = deps.metrics.counter(fileBytesMetric);
  const collection = createFileCollection(deps);
  const { accessHashes, filler, links } = parts;
  const reader = createBlobReader(deps);
  const writes = createBlobWrites(deps);
  const unsentLimit = new UnsentLimit(deps);
  const uploads = createUploadedFiles(deps, { reader, unsentLimit, gate: createContentGate(deps) });
  const uploadBytes = createUploadedBytes(deps, { uploads, reader });
  const facts = createDocumentFacts(deps, uploadBytes);
  const photoUploads = createPhotoUploads(deps, { uploads, writes, uploadBytes, unsentLimit });
  const animations = createAnimationUploads(deps, { writes, thumbs: photoUploads, unsentLimit });
  const documents = createDocumentUploads(deps, { uploads, writes, facts, thumbs: photoUploads, animations, stickers: createStickerFiles(deps, uploadBytes), unsentLimit });
  const wallpaperFiles = createWallpaperFiles(deps, { documents, uploadBytes });
  const access = createFileAccess(DOCUMENTS, deps, { ...parts, reader });
  const photoAccess = createFileAccess(PHOTOS, deps, { ...parts, reader });
  const photos = createPhotos(db, { uploads: photoUploads, access: photoAccess, filler, accessHashes });

  const readBlob = async (blob: BlobContent, offset: number, limit: number): Promise<Uint8Array> => {
    const bytes = await reader.read(blob, offset, limit);
    fileBytes.inc({ direction: 'out' }, bytes.length);
    return bytes;
  };

  const sources = createFileSources({ documents: access, photos: photoAccess, read: readBlob });

  const openDocument = async (viewerId: bigint, location: tl.inputDocumentFileLocation): Promise<OpenFile> => {
    const { document, source } = await sources.openDocument(viewerId, location);
    if (location.thumb_size !== '') return openThumb({ db, read: readBlob }, document, location.thumb_size);
    return { type: fileTypeOf(document.mime_type), changed_date: document.date, read: (offset, limit) => readBlob(source.blob, offset, limit), source };
  };

  const createDocument = async (userId: bigint, input: tl.inputMediaUploadedDocument): Promise<tl.document> => {
    const documentId = newPresentedId(deps.random, config.homeDcId);
    const sizes = input.thumb && (await photoUploads.doCreateThumb(userId, input.thumb, documentId));
    return (await documents.doCreateDocument(userId, input, sizes && { documentId, sizes })).document;
  };

  /** The cover of a video, which is a photo that the user may read, and the origin whose readers may read it. */
  const prepareCover = async (userId: bigint, { video_cover: input, video_timestamp: timestamp }: DocumentMediaInput, edited: MediaTarget['edited']): Promise<VideoCover & { origin: FileOrigin | undefined }> => {
    if (input?._ !== 'inputPhoto') return { cover: undefined, timestamp, origin: undefined };
    const { photo, origin } = await photoAccess.accessToCopy(userId, input, 'MEDIA_INVALID', edited);
    return { cover: photo, timestamp, origin };
  };

  /** The media of a message, and the origins whose readers may read their document and its cover. */
  const prepare = async (userId: bigint, input: DocumentMediaInput, { to, edited }: MediaTarget = {}): Promise<{ media: DocumentMedia; origin: FileOrigin; coverOrigin: FileOrigin | undefined }> => {
    const show = { spoiler: input.spoiler === true, ttlSeconds: wantedLifetime(input.ttl_seconds, { userId, to }) };
    const { origin: coverOrigin, ...cover } = await prepareCover(userId, input, edited);
    const mediaOf = (document: tl.document): DocumentMedia => withCover(mediaOfDocument(document, show), cover);
    if (input._ === 'inputMediaUploadedDocument') return { media: mediaOf(await createDocument(userId, input)), origin: { kind: 'upload' }, coverOrigin };
    if (input.id._ !== 'inputDocument') throw rpcError('DOCUMENT_INVALID');
    const { document, origin } = await access.accessToCopy(userId, input.id, 'DOCUMENT_INVALID', edited);
    return { media: mediaOf(document), origin, coverOrigin };
  };

  return {
    photos,
    kept: createKeptDocuments(deps, { access, uploads: documents, filler }),
    async accessLocation(viewerId, location) {
      if (location._ === 'inputPhotoFileLocation') return sources.openPhoto(viewerId, location);
      if (location._ === 'inputPeerPhotoFileLocation') {
        await parts.readPeerPhoto(viewerId, location);
        return openPeerPhoto({ db, read: readBlob }, location);
      }
      if (location._ !== 'inputDocumentFileLocation') throw rpcError('LOCATION_INVALID');
      const bundled = findBundled(location.id);
      return bundled === undefined ? openDocument(viewerId, location) : openBundled(accessHashes, viewerId, location, bundled);
    },
    accessSource: (viewerId, name) => sources.open(viewerId, name),
    readSource: ({ blob, start, size }, offset, limit) => reader.read(blob, start + offset, Math.max(0, Math.min(limit, size - offset))),
    async accessCover(viewerId, input) {
      const { document } = await access.access(viewerId, input, 'DOCUMENT_INVALID');
      const cover = document.attributes.some(({ _ }) => _ === 'documentAttributeAudio') ? document.thumbs?.find((size) => size._ === 'photoSize') : undefined;
      if (cover === undefined) throw rpcError('LOCATION_INVALID');
      return { mimeType: 'image/jpeg', ...(await openThumb({ db, read: readBlob }, document, cover.type)) };
    },
    async doSavePart(part, bytes) {
      await uploads.doSavePart(part, bytes);
      fileBytes.inc({ direction: 'in' }, bytes.length);
    },
    doPrepareMedia: async (userId, input, target) => (await prepare(userId, input, target)).media,
    async doUploadMedia(userId, input, target) {
      const { media, origin, coverOrigin } = await prepare(userId, input, target);
      const unsent = [
        ...(input._ === 'inputMediaDocument' && origin.kind === 'upload' ? documentIdsOf({ ...media, video_cover: undefined }) : []),
        ...(coverOrigin?.kind === 'upload' && media.video_cover?._ === 'photo' ? [media.video_cover.id] : []),
      ];
      if (unsent.length > 0 && !(await doRenewUnsent(db, unsent))) throw rpcError('DOCUMENT_INVALID');
      const cover = media.video_cover?._ === 'photo' && coverOrigin !== undefined ? filler.fillPhoto(media.video_cover, coverOrigin) : undefined;
      return { ...media, document: filler.fillDocument(media.document, origin), video_cover: cover };
    },
    doCreateWallpaperFile: (userId, file, mimeType) => wallpaperFiles.doCreate(userId, file, mimeType),
    async listHashes(viewerId, location, offset) {
      if (location._ !== 'inputDocumentFileLocation' || location.thumb_size !== '' || findBundled(location.id) !== undefined) throw rpcError('LOCATION_INVALID');
      const { blob } = await access.access(viewerId, location, 'FILE_ID_INVALID');
      // From the end of the file on there are no hashes.
      const first = Math.min(Math.floor(offset / BLOCK_BYTES), Math.ceil(blob.size / BLOCK_BYTES));
      const hashes = await findBlockHashes(db, blob.identity, { first, count: HASHES_MAX });
      if (hashes === undefined) throw rpcError('FILE_ID_INVALID');
      return projectHashes(hashes, blob.size, first);
    },
    async findByHash(viewerId, { sha256, size, mimeType }) {
      if (sha256.length !== HASH_BYTES) throw rpcError('SHA256_HASH_INVALID');
      const wanted = cleanMimeType(mimeType);
      const found = (await listDocumentsInBox(db, viewerId, { sha256, size })).find(({ stored }) => stored.document.mime_type === wanted);
      return found === undefined ? { _: 'documentEmpty', id: 0n } : filler.fillDocument(found.stored.document, { kind: 'message', msgId: found.msgId });
    },
    async openLink(token) {
      const link = links.open(token);
      const stored = link && (await findDocuments(db, [link.documentId])).get(link.documentId);
      if (link === undefined || stored === undefined || stored.blob.isDeleted === true) return undefined;
      const { document, blob } = stored;
      const named = document.attributes.find((attribute) => attribute._ === 'documentAttributeFilename');
      return {
        name: named?.file_name ?? '',
        mimeType: document.mime_type,
        size: blob.size,
        date: document.date,
        identity: Buffer.from(blob.identity).toString('hex'),
        linkSeconds: link.seconds,
        read: (offset, limit) => readBlob(blob, offset, limit),
      };
    },
    jobKinds: [...collection.jobKinds, ...createBlobJobs(deps)],
    listReactionIds: () => [...BUNDLED_DOCUMENTS.keys(), DESCRIPTION_VERSION],
    projectStickerSet: (viewerId, input) => projectServiceSet({ accessHashes, viewerId, homeDcId: config.homeDcId }, input),
    findClientIcon(viewerId, id) {
      const icon = CLIENT_ICONS.get(id);
      return icon && projectClientIcon(icon, accessHashes.of('document', viewerId, id), config.homeDcId);
    },
    listReactions(viewerId) {
      return BUNDLED_REACTIONS.map(({ emoji, title, documents }): tl.availableReaction => ({
        _: 'availableReaction',
        reaction: emoji,
        title,
        ...forEachRole((role) => projectBundledDocument(documents[role], accessHashes.of('document', viewerId, documents[role].id), config.homeDcId)),
      }));
    },
  };
}

/** Opens a document that ships with the server. Throws as {@link Files.accessLocation}. */
function openBundled(accessHashes: AccessHashes, viewerId: bigint, location: tl.inputDocumentFileLocation, document: BundledDocument): OpenFile {
  const { id, access_hash, file_reference, thumb_size } = location;
  if (!accessHashes.matches('document', viewerId, id, access_hash)) throw rpcError('FILE_ID_INVALID');
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

const FILE_TYPES: ReadonlyMap<string, tl.storage.FileType['_']> = new Map([
  ['image/jpeg', 'storage.fileJpeg'],
  ['image/png', 'storage.filePng'],
  ['image/gif', 'storage.fileGif'],
  ['image/webp', 'storage.fileWebp'],
  ['application/pdf', 'storage.filePdf'],
  ['audio/mpeg', 'storage.fileMp3'],
  ['video/quicktime', 'storage.fileMov'],
  ['video/mp4', 'storage.fileMp4'],
]);

/** The type of a file as `upload` methods name it. Pure. */
export function fileTypeOf(mimeType: string): tl.storage.FileType {
  return { _: FILE_TYPES.get(mimeType) ?? 'storage.fileUnknown' };
}
