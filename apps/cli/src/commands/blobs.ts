import { type BlobStore, MasterKeyFile, MasterKeys } from '@aerogram/blob';
import { confirmStrays, countFiles, doAdoptStore, doClaimStore, doCreateFileLink, FILE_LINK_MAX_S, type FaultyBlob, findFaultyBlobs, findFilesOwner, findStrayDoubt, noteOperator, type StrayDoubt } from '@aerogram/domain';
import { describeStore, type KeyConfig, listMissingMasterKeys, masterKeySource, openBlobStore } from '@aerogram/node';
import { formatOrigin, systemClock, systemRandom } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import { withDatabase } from '../open-database.ts';
import { type CliOptions, findDate, formatDate, requireServerFile } from '../options.ts';
import { joinOutputs, type Output } from '../output.ts';
import { formatBytes, Progress } from '../progress.ts';

/** Faulty files that are printed; there may be many more after a disk was lost. */
const PRINTED_MAX = 100;

/** `aerogram blobs stats`: how many files the server keeps, and in which state they are. */
export function showBlobs(options: CliOptions): Promise<Output> {
  return withDatabase(options, async (db) => {
    const { blobs, bytes, documents, references, released, strays, faults, unread, deleted, blocked, checkedSince } = await countFiles(db);
    const { s3Bucket } = options.config;
    const doubt = await findStrayDoubt(db);
    const lines = [
      `blobs      ${blobs}, ${formatBytes(bytes)}, in ${s3Bucket === undefined ? 'the data directory' : `the S3 bucket ${s3Bucket}`}`,
      `documents  ${documents}, which messages and lists of users refer to ${references} times; ${released} are new or have lost a reference`,
      `strays     ${strays} blobs without a row, which are deleted two days after they were first seen`,
      ...(deleted + blocked > 0 ? [`deleted    ${deleted} files by operators, who have blocked ${blocked}`] : []),
      ...(doubt === undefined ? [] : [`STOPPED    ${describeDoubt(doubt)}`]),
      `faults     ${faults}${unread === 0 ? '' : `, and ${unread} blobs could not be read to check them`}${checkedSince === undefined ? '' : `, everything read or uploaded since ${formatDate(checkedSince)}`}`,
    ];
    const value = { blobs, bytes, documents, references, released, strays, strays_kept: doubt !== undefined, faults, unread, deleted, blocked, checked_since_date: findDate(checkedSince) };
    return { value: { ...value, s3_bucket: s3Bucket ?? null }, lines };
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
export function confirmAllStrays(options: CliOptions, isConfirmed: boolean): Promise<Output> {
  return withDatabase(options, async (db) => {
    const doubt = await findStrayDoubt(db);
    if (doubt === undefined) return { value: { confirmed: 0 }, lines: ['nothing waits for this: the server deletes by itself what the database does not know'] };
    if (!isConfirmed) throw new Error(`${doubt.strays} files would be deleted for good; say --yes if nobody needs them`);
    const nowDate = systemClock.now();
    await db.transact('confirm-strays', async (tx) => {
      await confirmStrays(tx, nowDate);
      await noteOperator(tx, `confirm that ${doubt.strays} files that the database does not know are deleted`, nowDate);
    });
    return { value: { confirmed: doubt.strays }, lines: [`${doubt.strays} files will be deleted, two days after they were first seen`] };
  });
}

/** `aerogram blobs adopt`: makes the store of files belong to this server, whatever it belonged to. */
export function adoptFiles(options: CliOptions, isConfirmed: boolean): Promise<Output> {
  return withDatabase(options, async (db) => {
    await using opened = await openBlobStore(options.config);
    const { store } = opened;
    const place = describeStore(options.config);
    const { isOurs } = await doClaimStore({ db, store });
    if (isOurs) return { value: { place, before: null, owner: null }, lines: [`${place} belongs to this server`] };
    if (!isConfirmed) throw new Error(`${place} belongs to another server; say --yes if that one never runs again, because this one deletes the files that it does not know`);
    const { before, owner } = await doAdoptStore({ db, store });
    await db.transact('note-adopted-files', (tx) => noteOperator(tx, `take over the files of ${before}`, systemClock.now()));
    return { value: { place, before, owner }, lines: [`before     ${before}`, `owner      ${owner}: ${place} belongs to this server now`] };
  });
}

/**
 * `aerogram blobs check`: looks for the master keys and the bytes of every file.
 * @param readsContent reads them all
 */
export function checkBlobs(options: CliOptions, readsContent: boolean): Promise<Output> {
  return withDatabase(options, async (db) => {
    await using opened = await openBlobStore(options.config);
    const missing = await listMissingKeys(db, options.config);
    const found = await listFaults(options, { db, store: opened.store, readsContent });
    const owner = await opened.store.findOwner();
    const isForeign = owner !== undefined && owner !== (await findFilesOwner(db));
    const place = { value: isForeign, lines: isForeign ? [`owner      ${describeStore(options.config)} belongs to another server`] : [] };
    const output = joinOutputs({ missing_keys: missing, faults: found, foreign: place });
    if (missing.lines.length > 0) return { ...output, failure: `${missing.lines.length} master keys are missing: put them back, after the current one, where the others are` };
    if (found.faulty > 0) return { ...output, failure: `${found.faulty} files are not as they should be; whoever uploads the same file again repairs it` };
    return { ...output, lines: [...output.lines, readsContent ? 'all files were read and are sound' : 'all files are there and have their sizes'] };
  });
}

/** Which master keys are missing although the keys of files are encrypted with them; each is one line. */
export async function listMissingKeys(db: Pick<Database, 'run'>, config: KeyConfig): Promise<Output> {
  const missing = await listMissingMasterKeys(db, config, systemRandom);
  return { value: missing, lines: missing.map((line) => `keys       ${line}`) };
}

/** Checks all blobs. @returns what is wrong, with the first of the faulty blobs, and how many they are */
export async function listFaults(options: CliOptions, { db, store, readsContent }: { db: Database; store: BlobStore; readsContent: boolean }): Promise<Output & { faulty: number }> {
  const { blobs } = await countFiles(db);
  // Where there are no files yet, there may be no keys either.
  const needsKeys = readsContent && blobs > 0;
  const keys = needsKeys ? await MasterKeys.open(masterKeySource(options.config, systemRandom), systemRandom) : { unwrap: () => Promise.reject(new Error('only content needs keys')) };
  const first: FaultyBlob[] = [];
  let faulty = 0;
  using progress = new Progress('checking files', blobs);
  for await (const blob of findFaultyBlobs({ db, store, keys }, { readsContent, nowDate: systemClock.now(), onChecked: (bytes) => progress.step(bytes) })) {
    if (++faulty <= PRINTED_MAX) first.push(blob);
  }
  const lines = first.map(faultLine);
  if (faulty > PRINTED_MAX) lines.push(`and ${faulty - PRINTED_MAX} more`);
  return { faulty, value: { count: faulty, blobs: first.map(({ name, size, fault, messages }) => ({ name, bytes: size, fault, messages })) }, lines };
}

const faultLine = ({ name, size, fault, messages }: FaultyBlob): string => `${name}  ${fault}; ${formatBytes(size)}, in ${messages} messages`;

/**
 * `aerogram blobs link`: a link by which the operator can look at a file that somebody reported.
 * @param documentId as in the TL object
 * @param minutes for how long the link is valid
 */
export function linkToFile(options: CliOptions, documentId: string, minutes: number): Promise<Output> {
  return withDatabase(options, async (db) => {
    if (!/^\d{1,19}$/.test(documentId) || BigInt(documentId) >= 2n ** 63n) throw new Error('the id of a document is a whole number below 2^63');
    if (60 * minutes > FILE_LINK_MAX_S) throw new Error(`a link is valid for at most a week: ${FILE_LINK_MAX_S / 60} minutes`);
    const untilDate = systemClock.now() + 60 * minutes;
    const token = await doCreateFileLink({ db, random: systemRandom, clock: systemClock }, BigInt(documentId), untilDate);
    if (token === undefined) throw new Error(`there is no document ${documentId}`);
    await db.transact('note-file-link', (tx) => noteOperator(tx, `link to document ${documentId} until ${formatDate(untilDate)}`, systemClock.now()));
    const link = `${formatOrigin(requireServerFile(options).http)}/file/${token}`;
    return { value: { document: documentId, link, until_date: formatDate(untilDate) }, lines: [link, `Whoever has this link can load the file until ${formatDate(untilDate)}.`] };
  });
}

/** `aerogram blobs rotate-key`: makes a new master key, with which the server encrypts the keys of all files within ten minutes. */
export async function rotateMasterKey(options: CliOptions): Promise<Output> {
  const source = masterKeySource(options.config, systemRandom);
  if (!(source instanceof MasterKeyFile)) throw new Error(`the master keys come from ${source.description}: put a new one before the others there`);
  await source.addKey();
  const { currentId } = await MasterKeys.open(source, systemRandom);
  return {
    value: { current_key: currentId },
    lines: [
      `key        ${currentId} is the current master key; older ones stay in the file, because backups need them`,
      'the server uses it within ten minutes, and encrypts the keys of all files with it',
    ],
  };
}
