import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type BlobCopy, copyBlobs, DirectoryStore, MasterKeys } from '@aerogram/blob';
import { isSoundBlob } from '@aerogram/domain';
import { type Config, createLogger, systemClock, systemRandom } from '@aerogram/runtime';
import { type BackupManifest, type BackupOptions, makeBackup, openDatabase } from '@aerogram/storage';
import { blobsDirectory, type KeyConfig, masterKeySource } from '../open-files.ts';

/** Where a backup has the files of users. */
export const blobsIn = (backup: string): string => join(backup, 'blobs');

/** The settings that say what belongs to a backup. */
export type BackupConfig = KeyConfig & Pick<Config, 's3Bucket'>;

/** What a backup of a server is made of, and how. */
export interface ServerCopy extends Pick<BackupOptions, 'url' | 'to' | 'rest' | 'spareBytes' | 'onCopied'> {
  config: BackupConfig;
  /** An older backup on the same disk, whose files of users are linked instead of copied again. */
  previous?: string | undefined;
  /** Is told of each file of users. @param bytes its size */
  onBlob?: (bytes: number) => void;
}

/** Copies the embedded database of a server, its keys, and the files of users that are not in S3. The server may be running. */
export function copyServer({ config, previous, onBlob, ...copy }: ServerCopy): Promise<BackupManifest> {
  const { dataDir, s3Bucket } = config;
  // The files of users come last: what the database refers to is in the store before it is in the database.
  const copyMore = async (target: string): Promise<Pick<BackupManifest, 'blobs'>> => {
    if (s3Bucket !== undefined) return {};
    const more = { olderDir: previous && blobsIn(previous), isSound: soundness(copy.url, config), onCopied: onBlob, parallel: copy.rest && 1 };
    return { blobs: await copyBlobsOfServer(blobsDirectory(dataDir), blobsIn(target), more) };
  };
  return makeBackup({ ...copy, dataDir, clock: systemClock, copyMore });
}

/** How the files of users are copied. */
interface BlobsCopy extends Pick<BlobCopy, 'isSound' | 'parallel'> {
  olderDir?: string | undefined;
  onCopied?: ((bytes: number) => void) | undefined;
}

/** Copies the files of users from one directory of blobs to another. A directory that does not exist has none. */
export async function copyBlobsOfServer(fromDir: string, toDir: string, { olderDir, onCopied, ...copy }: BlobsCopy = {}): Promise<{ count: number; bytes: number }> {
  if (!existsSync(fromDir)) return { count: 0, bytes: 0 };
  const older = olderDir !== undefined && existsSync(olderDir) ? await DirectoryStore.open(olderDir) : undefined;
  return await copyBlobs({ ...copy, from: await DirectoryStore.open(fromDir), to: await DirectoryStore.open(toDir), older, onCopied });
}

/** Compares files that differ between two places with the hashes in a database. The connection is opened for each, because hardly any differ. */
export function soundness(url: string, config: KeyConfig): BlobCopy['isSound'] {
  let keys: Promise<MasterKeys> | undefined;
  return async (store, name) => {
    keys ??= MasterKeys.open(masterKeySource(config, systemRandom), systemRandom);
    // Without the keys nobody knows, and the backup goes on.
    const opened = await keys.catch(() => undefined);
    if (opened === undefined) return false;
    await using db = await openDatabase({ url, poolSize: 1, log: createLogger({ level: 'warn' }), clock: systemClock });
    return await isSoundBlob({ db, store, keys: opened }, name);
  };
}
