import { doClaimStore, FilesUnavailable } from '@aerogram/domain';
import { type Logger, OperatorError } from '@aerogram/runtime';
import { type Database, DiskFull } from '@aerogram/storage';
import { filesDirectory, openBlobStore, type StoreConfig } from './open-files.ts';

/** Names the place of the files in messages to the operator, with the settings that choose it. */
export function describeStore({ dataDir, filesDir, s3Bucket, s3Prefix }: StoreConfig): string {
  if (s3Bucket === undefined) return `the directory ${filesDirectory({ dataDir, filesDir })}`;
  return `the S3 bucket ${s3Bucket} (AEROGRAM_S3_BUCKET) with the prefix "${s3Prefix ?? ''}" (AEROGRAM_S3_PREFIX)`;
}

/**
 * Checks that the store of files belongs to this server, before anything is stored or deleted there; a store that belongs to nobody is claimed. Two servers in one store would delete each
 * other's files. If the store does not answer or the disk is full, the server starts nevertheless: the jobs that delete ask again.
 * @throws OperatorError when it belongs to another server
 */
export async function claimFiles({ config, db, log }: { config: StoreConfig; db: Pick<Database, 'run' | 'transact'>; log: Logger }): Promise<void> {
  await using opened = await openBlobStore(config);
  try {
    const { isOurs } = await doClaimStore({ db, store: opened.store });
    if (isOurs) return;
  } catch (error) {
    if (!(error instanceof FilesUnavailable || error instanceof DiskFull)) throw error;
    log.warn({ err: error }, 'it could not be found out to which server the store of files belongs');
    return;
  }
  throw new OperatorError(
    `${describeStore(config)} belongs to another server, whose files this one would delete. Give this server a place of its own by ` +
      `${config.s3Bucket !== undefined ? 'these settings' : config.filesDir === undefined ? 'AEROGRAM_DATA_DIR' : 'AEROGRAM_FILES_DIR'}, or, if it replaces the other one, which never runs again, run "aerogram blobs adopt"`,
  );
}
