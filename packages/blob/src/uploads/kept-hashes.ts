import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { ifThere } from '../file-io.ts';

/** What is kept: the hashes of all blocks, or a hash of the whole file. */
export type KeptHash = 'blocks' | 'md5' | 'sha256';

const CHECKSUM_BYTES = 4;

const fileOf = (dataFile: string, kind: KeptHash): string => path.join(path.dirname(dataFile), kind);
const nameOf = (dataFile: string): Buffer => Buffer.from(path.basename(dataFile), 'hex');

/**
 * Reads hashes that were computed of a complete upload before.
 * @param dataFile of the upload
 * @returns undefined if they were not, or were computed of another file that the upload had before
 */
export async function readKeptHash(dataFile: string, kind: KeptHash): Promise<Uint8Array | undefined> {
  const name = nameOf(dataFile);
  const kept = await ifThere(readFile(fileOf(dataFile, kind)));
  if (kept === undefined) return undefined;
  const content = kept.subarray(CHECKSUM_BYTES);
  // The file is never synced, and two processes may write it at the same time.
  const isWhole = kept.length > CHECKSUM_BYTES && kept.readUInt32LE(0) === crc32(content);
  return isWhole && content.subarray(0, name.length).equals(name) ? new Uint8Array(content.subarray(name.length)) : undefined;
}

/** Keeps hashes of a complete upload beside it, so that calls that finish it again do not read the whole file again. */
export async function keepHash(dataFile: string, kind: KeptHash, hashes: Uint8Array): Promise<void> {
  const content = Buffer.concat([nameOf(dataFile), hashes]);
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32LE(crc32(content), 0);
  await writeFile(fileOf(dataFile, kind), Buffer.concat([checksum, content]), { mode: 0o600 });
}
