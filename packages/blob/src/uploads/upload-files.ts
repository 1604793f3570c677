import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { bootId, linkExclusively, type Random } from '@aerogram/runtime';
import { createBlobKey, cryptBlob } from '../blob-cipher.ts';
import { BLOCK_BYTES, hashBlocks } from '../block-hashes.ts';
import { codeOf, ifThere, listSorted, readAt, unlinkIfThere } from '../file-io.ts';
import { BlobKeyUnreadable, type MasterKeys } from '../master-keys.ts';
import { type PartClaims, nothingToNote } from './part-claims.ts';
import { type MapHead, PartMap, checksumOf } from './part-map.ts';

const NAME_BYTES = 16;

/** What the files of uploads need. */
export interface UploadContext {
  keys: MasterKeys;
  random: Random;
  claims: PartClaims;
}

/** The open files of an upload, and its key. */
export interface OpenUpload extends AsyncDisposable {
  directory: string;
  map: PartMap;
  data: FileHandle;
  dataFile: string;
  key: Uint8Array;
}

/** The key of an upload is wrapped with a master key that this process does not have now. The upload goes on when it has the key. */
export class UploadKeyMissing extends Error {
  override name = 'UploadKeyMissing';
}

const mapFile = (directory: string): string => path.join(directory, 'map');

/**
 * Opens the upload in a directory.
 * @returns undefined if there is none
 */
export async function openUpload(context: UploadContext, directory: string): Promise<OpenUpload | undefined> {
  const map = await ifThere(PartMap.open(mapFile(directory)));
  if (map === undefined) return undefined;
  if (map === 'unreadable') {
    await rm(mapFile(directory), { force: true });
    return undefined;
  }
  const dataFile = path.join(directory, map.head.name);
  let data: FileHandle | undefined;
  const close = async (): Promise<void> => {
    await map[Symbol.asyncDispose]();
    await data?.close();
  };
  try {
    data = await ifThere(open(dataFile, 'r+'));
    if (!data) {
      await dropUpload({ directory, map, dataFile });
      await close();
      return undefined;
    }
    const key = await unwrapKey(context.keys, map.head.wrappedKey);
    if (map.isLinkedTwice()) await removeDrafts(directory, map);
    if (map.head.boot !== bootId()) await findLostParts(context, { map, data, dataFile, key });
    return { directory, map, data, dataFile, key, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Decrypts the key of an upload.
 * @throws UploadKeyMissing without its master key. Another process may have added that one a moment ago, so the upload must not be begun anew
 */
async function unwrapKey(keys: MasterKeys, wrappedKey: Uint8Array): Promise<Uint8Array> {
  try {
    return await keys.unwrap(wrappedKey);
  } catch (error) {
    if (!(error instanceof BlobKeyUnreadable)) throw error;
    throw new UploadKeyMissing(error.message, { cause: error });
  }
}

/**
 * Deletes the second name of a map whose creator was killed before it could do so. With that name, the map would never be gone, and
 * processes that have it open would not notice that the upload was begun anew.
 */
async function removeDrafts(directory: string, map: PartMap): Promise<void> {
  for (const name of await listSorted(directory)) {
    const file = path.join(directory, name);
    if (file === mapFile(directory)) continue;
    if ((await ifThere(stat(file)))?.ino === map.inode()) await unlinkIfThere(file);
  }
}

/** Makes the head of a new upload with a new key. */
export function createHead({ keys, random }: UploadContext, known: Pick<MapHead, 'slotBytes' | 'partSize' | 'total'>): { head: MapHead; key: Uint8Array } {
  const key = createBlobKey(random);
  const name = Buffer.from(random.bytes(NAME_BYTES)).toString('hex');
  return { key, head: { ...known, name, wrappedKey: keys.wrap(key), boot: bootId() } };
}

/**
 * Creates an upload in an existing directory. If another process does so at the same time, one of them wins.
 * @returns whether it was this call
 */
export async function createUpload(context: UploadContext, directory: string, known: Pick<MapHead, 'slotBytes' | 'partSize' | 'total'>): Promise<boolean> {
  const { head } = createHead(context, known);
  const draft = `${mapFile(directory)}.${randomUUID()}`;
  const data = path.join(directory, head.name);
  let isNew = false;
  try {
    await (await open(data, 'wx', 0o600)).close();
    await PartMap.create(draft, head);
    isNew = await linkExclusively(draft, mapFile(directory));
  } finally {
    await rm(draft, { force: true });
    if (!isNew) await rm(data, { force: true });
  }
  return isNew;
}

/**
 * Replaces an upload by one with other files.
 * @param draft a map whose data file is complete
 */
export async function replaceUpload(upload: OpenUpload, draft: string): Promise<void> {
  await rename(draft, mapFile(upload.directory));
  await rm(upload.dataFile, { force: true });
}

/** Deletes the files of an upload, unless it has been replaced meanwhile. Processes that still write to them notice by `isGone`. */
export async function dropUpload(upload: Pick<OpenUpload, 'directory' | 'map' | 'dataFile'>): Promise<void> {
  const file = mapFile(upload.directory);
  const found = await stat(file).catch(() => undefined);
  if (found?.ino === upload.map.inode()) await rm(file, { force: true });
  await rm(upload.dataFile, { force: true });
}

/**
 * Sets the number of parts of an upload, unless it is set already: it never changes, because a finished file ends there.
 * @returns the number that is set now
 */
export async function setTotal({ claims }: UploadContext, { map, dataFile }: Pick<OpenUpload, 'map' | 'dataFile'>, total: number): Promise<number> {
  const known = await map.readTotal();
  if (known !== undefined) return known;
  const set = async (): Promise<{ result: number; isWhole: boolean }> => {
    const found = await map.readTotal();
    if (found === undefined) await map.writeTotal(total);
    return { result: found ?? total, isWhole: true };
  };
  return await claims.hold(`${dataFile}.total`, set, nothingToNote);
}

/**
 * After a restart of the machine, finds the parts whose bytes did not reach the disk, and marks them as begun. Nothing is synced before an
 * upload is finished, so a power failure can lose any of it.
 */
async function findLostParts({ claims }: UploadContext, { map, data, dataFile, key }: Pick<OpenUpload, 'map' | 'data' | 'dataFile' | 'key'>): Promise<void> {
  await claims.hold(`${dataFile}.boot`, async () => {
    const { slotBytes } = map.head;
    const entries = await map.readEntries();
    const places = Math.ceil((await data.stat()).size / slotBytes);
    for (let part = 0; part < Math.max(entries.length, places); part++) {
      const { state, length, checksum } = entries[part] ?? { state: 'nothing', length: 0, checksum: 0 };
      if (state === 'whole') {
        const ciphertext = await readAt(data, part * slotBytes, length);
        const isHashed = hashCount(map.head, length) > 0;
        const hashes = isHashed ? hashBlocks(cryptBlob(key, part * slotBytes, ciphertext)) : new Uint8Array();
        if (ciphertext.length === length && checksumOf(ciphertext, hashes) === checksum) continue;
      }
      // The bytes of a part may be on the disk although its entry was lost.
      await map.writeEntry(part, { state: 'begun', length, checksum });
    }
    await map.writeBoot(bootId());
    return { result: undefined, isWhole: true };
  });
}

/** The files of an upload were deleted while it was finished, because a part arrived with another body, which begins the upload anew. */
export class UploadReplaced extends Error {
  override name = 'UploadReplaced';
}

/** Runs work with the files of an upload. @throws UploadReplaced when one of them is not there any longer */
export async function withUploadFiles<T>(directory: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const file = codeOf(error) === 'ENOENT' ? (error as NodeJS.ErrnoException).path : undefined;
    // A file may also be missing where the upload is copied to.
    if (file === undefined || path.dirname(file) !== directory || (await isThere(file))) throw error;
    throw new UploadReplaced('a part of the upload arrived with another body while it was finished', { cause: error });
  }
}

const isThere = (file: string): Promise<boolean> => stat(file).then(() => true, () => false);

/** The number of block hashes that the map keeps of a part: none if blocks span several parts. */
export function hashCount({ slotBytes }: MapHead, length: number): number {
  return slotBytes % BLOCK_BYTES === 0 ? Math.ceil(length / BLOCK_BYTES) : 0;
}
