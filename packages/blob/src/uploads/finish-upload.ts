import { open, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { cryptBlob } from '../blob-cipher.ts';
import { BLOCK_BYTES, HASH_BYTES, fileIdentity, hashBlocks } from '../block-hashes.ts';
import { STEP_BYTES, isBlobName } from '../blob-store.ts';
import { listSorted, readAt, syncFile, unlinkIfThere, writeAt } from '../file-io.ts';
import { keepHash, readKeptHash } from './kept-hashes.ts';
import { nothingToNote } from './part-claims.ts';
import { type MapHead, PartMap, checksumOf } from './part-map.ts';
import { type OpenUpload, type UploadContext, createHead, hashCount, replaceUpload } from './upload-files.ts';

/** A complete upload, whose bytes survive a power failure. */
export interface FinishedUpload {
  /** The encrypted file; give it to `BlobStore.adopt` with `name` and `size`. */
  path: string;
  /** A name for the blob, chosen at random when the upload began. */
  name: string;
  /** In bytes. */
  size: number;
  /** The number of its parts. */
  parts: number;
  /** Length of all parts but the last one, in bytes. */
  partSize: number;
  /** See `fileIdentity`. */
  identity: Uint8Array;
  /** SHA-256 of each 128 KiB block of the plain bytes, 32 bytes each. */
  blockHashes: Uint8Array;
  /** The key of the blob, wrapped with a master key. */
  wrappedKey: Uint8Array;
}

/**
 * Syncs the files of an upload whose parts are all whole and in their final places, and names its content. From then on its data never
 * changes, because a store may keep a hard link to it: whole parts are never written again, and the caller must have set the number of
 * parts, so that none is written behind the last one.
 */
export async function completeUpload({ map, key, data, dataFile }: OpenUpload, lengths: readonly number[]): Promise<FinishedUpload> {
  const { slotBytes, name, wrappedKey } = map.head;
  const size = (lengths.length - 1) * slotBytes + lengths.at(-1)!;
  // What is behind the end is left from a longer part that was interrupted.
  if ((await data.stat()).size > size) await data.truncate(size);
  await syncFile(data);
  // Without its entry in the map a part looks missing. It would be written again, into the file that the store has by then.
  await map.sync();
  const areInMap = hashCount(map.head, slotBytes) > 0;
  const blockHashes = areInMap ? await map.readAllHashes(slotBytes / BLOCK_BYTES, Math.ceil(size / BLOCK_BYTES)) : await hashOnce({ data, dataFile, key }, size);
  return { path: dataFile, name, size, parts: lengths.length, partSize: lengths[0]!, blockHashes, identity: fileIdentity(size, blockHashes), wrappedKey };
}

/** The hashes of the blocks of a complete upload whose map has none. They are computed once. */
async function hashOnce({ data, dataFile, key }: Pick<OpenUpload, 'data' | 'dataFile' | 'key'>, size: number): Promise<Uint8Array> {
  const kept = await readKeptHash(dataFile, 'blocks');
  if (kept !== undefined) return kept;
  const blockHashes = new Uint8Array(Math.ceil(size / BLOCK_BYTES) * HASH_BYTES);
  for (let at = 0; at < size; at += STEP_BYTES) {
    const bytes = cryptBlob(key, at, await readAt(data, at, Math.min(STEP_BYTES, size - at)));
    blockHashes.set(hashBlocks(bytes), (at / BLOCK_BYTES) * HASH_BYTES);
  }
  await keepHash(dataFile, 'blocks', blockHashes);
  return blockHashes;
}

/**
 * Moves the parts of an upload to their final places, when its first part to arrive was the last one of the file, and so did not tell the
 * part size. One call at a time does so; the others find that the upload has been replaced. The new file has a new key, so that no key stream
 * is used twice.
 * @param partSize in bytes
 */
export async function packUpload(context: UploadContext, upload: OpenUpload, lengths: readonly number[], partSize: number): Promise<void> {
  const pack = async (isAfterCrash: boolean): Promise<{ result: undefined; isWhole: boolean }> => {
    if (isAfterCrash) await removeCopies(upload);
    // Another process may have moved them while this one waited.
    if (!upload.map.isGone()) await moveParts(context, upload, lengths, partSize);
    return { result: undefined, isWhole: true };
  };
  await context.claims.hold(`${upload.dataFile}.pack`, pack, nothingToNote);
}

async function moveParts(context: UploadContext, upload: OpenUpload, lengths: readonly number[], partSize: number): Promise<void> {
  const { head, key } = createHead(context, { slotBytes: partSize, partSize, total: lengths.length });
  const draft = path.join(upload.directory, `map.${randomUUID()}`);
  const dataFile = path.join(upload.directory, head.name);
  const removeBoth = async (): Promise<void> => {
    await rm(draft, { force: true });
    await rm(dataFile, { force: true });
  };
  try {
    await PartMap.create(draft, head);
    await copyParts({ upload, lengths, draft, dataFile, head, key });
    // Another body for a part may have begun the upload anew.
    if (upload.map.isGone()) await removeBoth();
    else await replaceUpload(upload, draft);
  } catch (error) {
    await removeBoth();
    throw error;
  }
}

/** Deletes what a call left behind that was killed while it moved the parts of an upload. */
async function removeCopies({ directory, dataFile, map }: OpenUpload): Promise<void> {
  for (const name of await listSorted(directory)) {
    // If the upload has been replaced meanwhile, one of these is its data.
    if (map.isGone()) return;
    const isDraft = name.startsWith('map.') || isBlobName(name);
    if (isDraft && name !== path.basename(dataFile)) await unlinkIfThere(path.join(directory, name));
  }
}

interface PartsCopy {
  upload: OpenUpload;
  lengths: readonly number[];
  draft: string;
  dataFile: string;
  head: MapHead;
  key: Uint8Array;
}

async function copyParts({ upload, lengths, draft, dataFile, head, key }: PartsCopy): Promise<void> {
  await using target = await open(dataFile, 'wx', 0o600);
  const opened = await PartMap.open(draft);
  if (opened === 'unreadable') throw new Error('a new map of an upload is unreadable');
  await using map = opened;
  for (const [part, length] of lengths.entries()) {
    const from = part * upload.map.head.slotBytes;
    const bytes = cryptBlob(upload.key, from, await readAt(upload.data, from, length));
    if (bytes.length !== length) throw new Error('the data of an upload is shorter than its parts');
    const ciphertext = cryptBlob(key, part * head.slotBytes, bytes);
    const hashes = hashCount(head, length) > 0 ? hashBlocks(bytes) : new Uint8Array();
    await writeAt(target, part * head.slotBytes, ciphertext);
    await map.writeEntry(part, { state: 'whole', length, checksum: checksumOf(ciphertext, hashes) }, hashes);
  }
}

