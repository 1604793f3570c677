import { type BlobStore, MasterKeyFile, MasterKeys } from '@aerogram/blob';
import { confirmStrays, countFiles, doAdoptStore, doClaimStore, doCreateFileLink, FILE_LINK_MAX_S, type FaultyBlob, findFaultyBlobs, findFilesOwner, findStrayDoubt, noteOperator, type StrayDoubt } from '@aerogram/domain';
import { describeStore, type KeyConfig, listMissingMasterKeys, masterKeySource, openBlobStore } from '@aerogram/node';
import { formatOrigin, systemClock, systemRandom } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import { withDatabase } from '../open-database.ts';
import { type CliOptions, formatDate, requireServerFile } from '../options.ts';
import { formatBytes, Progress } from '../progress.ts';

/** Faulty files that are printed; there may be many more after a disk was lost. */
const PRINTED_MAX = 100;

/** `aerogram blobs stats`: how many files the server keeps, and in which state they are. */
export function showBlobs(options: CliOptions): Promise<void> {
  return withDatabase(options, async (db) => {
    const { blobs, bytes, documents, references, released, strays, faults, unread, deleted, blocked, checkedSince } = await countFiles(db);
    const { s3Bucket } = options.config;
    options.print(`blobs      ${blobs}, ${formatBytes(bytes)}, in ${s3Bucket === undefined ? 'the data directory' : `the S3 bucket ${s3Bucket}`}`);
    options.print(`documents  ${documents}, which messages and lists of users refer to ${references} times; ${released} are new or have lost a reference`);
    options.print(`strays     ${strays} blobs without a row, which are deleted two days after they were first seen`);
    if (deleted + blocked > 0) options.print(`deleted    ${deleted} files by operators, who have blocked ${blocked}`);
    const doubt = await findStrayDoubt(db);
    if (doubt !== undefined) options.print(`STOPPED    ${describeDoubt(doubt)}`);
    options.print(`faults     ${faults}${unread === 0 ? '' : `, and ${unread} blobs could not be read to check them`}${checkedSince === undefined ? '' : `, everything read or uploaded since ${formatDate(checkedSince)}`}`);
  });
}

/** Says why leftovers in the store are not deleted, and what the operator can do. */
export function describeDoubt({ strays, blobs }: StrayDoubt): string {
  return (
    `the store has ${strays} files that the database does not know, beside ${blobs} that it knows: they may be another server's, or newer than a restored database, and are not deleted. ` +
    'If nobody needs them, run "aerogram blobs confirm-strays"'
  );
}

/** `aerogram blobs confirm-strays`: lets the server delete all files that the database does not know and that it has seen until now. */
export function confirmAllStrays(options: CliOptions, isConfirmed: boolean): Promise<void> {
  return withDatabase(options, async (db) => {
    const doubt = await findStrayDoubt(db);
    if (doubt === undefined) return options.print('nothing waits for this: the server deletes by itself what the database does not know');
    if (!isConfirmed) throw new Error(`${doubt.strays} files would be deleted for good; say --yes if nobody needs them`);
    const nowDate = systemClock.now();
    await db.transact('confirm-strays', async (tx) => {
      await confirmStrays(tx, nowDate);
      await noteOperator(tx, `confirmed that ${doubt.strays} files that the database does not know are deleted`, nowDate);
    });
    options.print(`${doubt.strays} files will be deleted, two days after they were first seen`);
  });
}

/** `aerogram blobs adopt`: makes the store of files belong to this server, whatever it belonged to. */
export function adoptFiles(options: CliOptions, isConfirmed: boolean): Promise<void> {
  return withDatabase(options, async (db) => {
    await using opened = await openBlobStore(options.config);
    const { store } = opened;
    const place = describeStore(options.config);
    const { isOurs } = await doClaimStore({ db, store });
    if (isOurs) return options.print(`${place} belongs to this server`);
    if (!isConfirmed) throw new Error(`${place} belongs to another server; say --yes if that one never runs again, because this one deletes the files that it does not know`);
    const { before, owner } = await doAdoptStore({ db, store });
    await db.transact('note-adopted-files', (tx) => noteOperator(tx, `took over the files of ${before}`, systemClock.now()));
    options.print(`before     ${before}`);
    options.print(`owner      ${owner}: ${place} belongs to this server now`);
  });
}

/**
 * `aerogram blobs check`: looks for the master keys and the bytes of every file.
 * @param readsContent reads them all
 * @throws Error if something is wrong
 */
export function checkBlobs(options: CliOptions, readsContent: boolean): Promise<void> {
  return withDatabase(options, async (db) => {
    await using opened = await openBlobStore(options.config);
    const missingKeys = await printMissingKeys(options, db, options.config);
    const faulty = await printFaults(options, { db, store: opened.store, readsContent });
    const owner = await opened.store.findOwner();
    if (owner !== undefined && owner !== (await findFilesOwner(db))) options.print(`owner      ${describeStore(options.config)} belongs to another server`);
    if (missingKeys > 0) throw new Error(`${missingKeys} master keys are missing: put them back, after the current one, where the others are`);
    if (faulty > 0) throw new Error(`${faulty} files are not as they should be; whoever uploads the same file again repairs it`);
    options.print(readsContent ? 'all files were read and are sound' : 'all files are there and have their sizes');
  });
}

/** Prints which master keys are missing although the keys of files are encrypted with them. @returns how many */
export async function printMissingKeys(options: CliOptions, db: Pick<Database, 'run'>, config: KeyConfig): Promise<number> {
  const missing = await listMissingMasterKeys(db, config, systemRandom);
  for (const line of missing) options.print(`keys       ${line}`);
  return missing.length;
}

/** Checks all blobs, and prints what is wrong. @returns how many are faulty */
export async function printFaults(options: CliOptions, { db, store, readsContent }: { db: Database; store: BlobStore; readsContent: boolean }): Promise<number> {
  const keys = readsContent ? await MasterKeys.open(masterKeySource(options.config, systemRandom), systemRandom) : { unwrap: () => Promise.reject(new Error('only content needs keys')) };
  const { blobs } = await countFiles(db);
  let faulty = 0;
  using progress = new Progress('checking files', blobs);
  for await (const blob of findFaultyBlobs({ db, store, keys }, { readsContent, nowDate: systemClock.now(), onChecked: (bytes) => progress.step(bytes) })) {
    if (++faulty <= PRINTED_MAX) options.print(faultLine(blob));
  }
  if (faulty > PRINTED_MAX) options.print(`and ${faulty - PRINTED_MAX} more`);
  return faulty;
}

const faultLine = ({ name, size, fault, messages }: FaultyBlob): string => `${name}  ${fault}; ${formatBytes(size)}, in ${messages} messages`;

/**
 * `aerogram blobs link`: a link by which the operator can look at a file that somebody reported.
 * @param documentId as in the TL object
 * @param minutes for how long the link is valid
 */
export function linkToFile(options: CliOptions, documentId: string, minutes: number): Promise<void> {
  return withDatabase(options, async (db) => {
    if (!/^\d{1,19}$/.test(documentId) || BigInt(documentId) >= 2n ** 63n) throw new Error('the id of a document is a whole number below 2^63');
    if (60 * minutes > FILE_LINK_MAX_S) throw new Error(`a link is valid for at most a week: ${FILE_LINK_MAX_S / 60} minutes`);
    const untilDate = systemClock.now() + 60 * minutes;
    const token = await doCreateFileLink({ db, random: systemRandom, clock: systemClock }, BigInt(documentId), untilDate);
    if (token === undefined) throw new Error(`there is no document ${documentId}`);
    await db.transact('note-file-link', (tx) => noteOperator(tx, `link to document ${documentId} until ${formatDate(untilDate)}`, systemClock.now()));
    options.print(`${formatOrigin(requireServerFile(options).http)}/file/${token}`);
    options.print(`Whoever has this link can load the file until ${formatDate(untilDate)}.`);
  });
}

/** `aerogram blobs rotate-key`: makes a new master key, with which the server encrypts the keys of all files within ten minutes. */
export async function rotateMasterKey(options: CliOptions): Promise<void> {
  const source = masterKeySource(options.config, systemRandom);
  if (!(source instanceof MasterKeyFile)) throw new Error(`the master keys come from ${source.description}: put a new one before the others there`);
  await source.addKey();
  const { currentId } = await MasterKeys.open(source, systemRandom);
  options.print(`key        ${currentId} is the current master key; older ones stay in the file, because backups need them`);
  options.print('the server uses it within ten minutes, and encrypts the keys of all files with it');
}
