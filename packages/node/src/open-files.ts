import { join } from 'node:path';
import { type BlobStore, DirectoryStore, MasterKeyCommand, MasterKeyFile, MasterKeys, type MasterKeySource, MasterKeyText, MAX_PART_BYTES, S3Store, UPLOAD_OVERHEAD_BYTES, Uploads } from '@aerogram/blob';
import type { Owners } from '@aerogram/cluster';
import type { FileStorage } from '@aerogram/domain';
import { type Clock, type Config, OperatorError, type Random } from '@aerogram/runtime';
import { keysDirectory } from './open-server-keys.ts';
import { SharedUploads } from './uploads/shared-uploads.ts';

/** The directory that keeps the blobs of a server that shares them with no other node, if no S3 bucket is set. */
export function blobsDirectory(dataDir: string): string {
  return join(dataDir, 'blobs');
}

/** The directory that keeps blobs if no S3 bucket is set. */
export function filesDirectory({ dataDir, filesDir }: Pick<Config, 'dataDir' | 'filesDir'>): string {
  return filesDir ?? blobsDirectory(dataDir);
}

/** The places for the bytes of files. */
export interface OpenFiles extends FileStorage, AsyncDisposable {
  /** The uploads on the disk of this node; of a server that is alone these are all. */
  ownUploads: Uploads;
}

/** The settings of the place where blobs are. */
export type StoreConfig = Pick<Config, 'dataDir' | 'filesDir' | 's3Bucket' | 's3Endpoint' | 's3Region' | 's3Prefix' | 's3AccessKey' | 's3SecretKey'>;

interface FilesDeps {
  config: StoreConfig & KeyConfig & LimitConfig & Pick<Config, 'unfinishedUploads'>;
  clock: Clock;
  random: Random;
  /** The nodes of the cluster; undefined for a server that is alone. */
  owners?: Owners | undefined;
  /** Why no file may be written now; undefined if files may be written. */
  refusal(): Error | undefined;
}

/**
 * Opens the places for the bytes of files: uploads in the data directories of the nodes that own them, blobs there or in S3. The master key of files is beside the server's keys, where it is
 * created at the first start, unless settings hold it or name a command that prints it.
 * @throws OperatorError when the master key cannot be read, or settings contradict each other
 */
export async function openFiles({ config, clock, random, owners, refusal }: FilesDeps): Promise<OpenFiles> {
  const { dataDir, uploadPartsMax: maxParts, unfinishedUploadBytes: maxBytesPerUser, unfinishedUploads: maxUploadsPerUser } = config;
  checkFileLimits(config);
  const source = masterKeySource(config, random);
  if (source instanceof MasterKeyFile) await source.create();
  const keys = await MasterKeys.open(source, random, clock);
  const opened = await openBlobStore(config, clock);
  const root = join(dataDir, 'uploads');
  const own = await Uploads.open({ root, keys, random, clock, maxParts, maxBytesPerUser, maxUploadsPerUser });
  const shared = owners && new SharedUploads({ owners, own, root, store: opened.store, clock, refusal });
  return {
    uploads: shared ?? own,
    ownUploads: own,
    store: opened.store,
    keys,
    refusal,
    async [Symbol.asyncDispose]() {
      shared?.[Symbol.dispose]();
      await own[Symbol.asyncDispose]();
      await opened[Symbol.asyncDispose]();
    },
  };
}

/** The settings that say how long files may be, and how many bytes of them a user may have. */
export type LimitConfig = Pick<Config, 'uploadPartsMax' | 'unfinishedUploadBytes' | 'unsentFileBytes'>;

/** Checks that a user may have as many bytes as the longest file has. Otherwise such a file would never arrive. @throws OperatorError */
export function checkFileLimits({ uploadPartsMax, unfinishedUploadBytes, unsentFileBytes }: LimitConfig): void {
  const longest = uploadPartsMax * MAX_PART_BYTES;
  const limits = [
    { name: 'AEROGRAM_UNFINISHED_UPLOAD_BYTES', value: unfinishedUploadBytes, least: longest + UPLOAD_OVERHEAD_BYTES },
    { name: 'AEROGRAM_UNSENT_FILE_BYTES', value: unsentFileBytes, least: longest },
  ];
  for (const { name, value, least } of limits) {
    if (value < least) throw new OperatorError(`AEROGRAM_UPLOAD_PARTS_MAX allows files of ${longest} bytes, for which ${name} must be at least ${least}; it is ${value}`);
  }
}

/** The settings of the master keys of files. */
export type KeyConfig = Pick<Config, 'dataDir' | 'masterKeys' | 'masterKeysCommand'>;

/** Where the master keys of files come from. A file may not exist yet. @throws OperatorError when settings contradict each other */
export function masterKeySource({ dataDir, masterKeys, masterKeysCommand }: KeyConfig, random: Random): MasterKeySource {
  if (masterKeys !== undefined && masterKeysCommand !== undefined) throw new OperatorError('AEROGRAM_MASTER_KEYS and AEROGRAM_MASTER_KEYS_COMMAND exclude each other: set at most one');
  if (masterKeysCommand !== undefined) return new MasterKeyCommand(masterKeysCommand);
  if (masterKeys !== undefined) return new MasterKeyText(masterKeys, 'AEROGRAM_MASTER_KEYS');
  return new MasterKeyFile(join(keysDirectory(dataDir), 'files.master'), random);
}

/** The place where blobs are; disposing closes its files and connections. */
export interface OpenStore extends AsyncDisposable {
  store: BlobStore;
}

/**
 * Opens the place where blobs are: a directory, or S3.
 * @param clock with it, files that are read often are kept open
 * @throws OperatorError when the settings of S3 do not fit together
 */
export async function openBlobStore({ dataDir, filesDir, s3Bucket: bucket, s3Endpoint: endpoint, s3Region: region, s3Prefix: prefix, s3AccessKey, s3SecretKey }: StoreConfig, clock?: Clock): Promise<OpenStore> {
  if (bucket === undefined) {
    const directory = await DirectoryStore.open(filesDirectory({ dataDir, filesDir }), clock);
    return { store: directory, [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose]() };
  }
  // With the prefixes "a" and "ab", one server would take the objects of the other one for its own.
  if (prefix !== undefined && prefix !== '' && !prefix.endsWith('/')) throw new OperatorError('AEROGRAM_S3_PREFIX must end with a slash');
  if ((s3AccessKey === undefined) !== (s3SecretKey === undefined)) throw new OperatorError('AEROGRAM_S3_ACCESS_KEY and AEROGRAM_S3_SECRET_KEY belong together: set both or none');
  const credentials = s3AccessKey === undefined || s3SecretKey === undefined ? undefined : { accessKeyId: s3AccessKey, secretAccessKey: s3SecretKey };
  const store = await S3Store.open({ bucket, region, ...(endpoint === undefined ? {} : { endpoint }), ...(prefix === undefined ? {} : { prefix }), ...(credentials === undefined ? {} : { credentials }) });
  return {
    store,
    [Symbol.asyncDispose]() {
      store[Symbol.dispose]();
      return Promise.resolve();
    },
  };
}
