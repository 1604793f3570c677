import { type BlobStore, identifyFile } from '@aerogram/blob';
import {
  BLOB_PLACE_MS, type BlobUses, countBlobUses, doClaimStore, doDeleteBlob, doRemoveStray, dropBlobBlock, findBlobByHash, findBlobOfDocument, listBlockedBlobs, listDeletedBlobs, type ModeratedBlob, noteOperator, saveBlobBlock,
} from '@aerogram/domain';
import { describeStore, openBlobStore } from '@aerogram/node';
import { pause, systemClock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import { withDatabase } from '../open-database.ts';
import { type CliOptions, formatDate } from '../options.ts';

/** How an operator names content, for messages. */
const NAMES = 'a hash has 64 hex digits, and the id of a document is a whole number below 2^63';

const hexOf = (identity: Uint8Array): string => Buffer.from(identity).toString('hex');

/** Content that an operator has named. */
interface NamedContent {
  identity: Uint8Array;
  isStored: boolean;
}

/**
 * Finds content by its hash, or by a document that has it.
 * @throws Error if `name` is neither, or there is no such document
 */
async function findContent(db: Database, name: string): Promise<NamedContent> {
  if (/^[0-9a-f]{64}$/i.test(name)) {
    const hash = Buffer.from(name, 'hex');
    const identity = await findBlobByHash(db, hash);
    return { identity: identity ?? hash, isStored: identity !== undefined };
  }
  if (!/^\d{1,19}$/.test(name) || BigInt(name) >= 2n ** 63n) throw new Error(NAMES);
  const identity = await findBlobOfDocument(db, BigInt(name));
  if (identity === undefined) throw new Error(`there is no document ${name}`);
  return { identity, isStored: true };
}

const describeUses = ({ documents, messages, others }: BlobUses): string => `${documents} documents, to which ${messages} messages refer, and lists and profiles ${others} times`;

/** What `aerogram blobs delete` may do. */
export interface DeleteChoice {
  /** Refuses the content from now on, too. */
  block: boolean;
  /** The operator is sure. */
  yes: boolean;
}

/** `aerogram blobs delete`: deletes content everywhere. What refers to it stays. Ends when no process can give the content out by what it had read before. */
export function deleteBlob(options: CliOptions, name: string, { block, yes }: DeleteChoice): Promise<void> {
  return withDatabase(options, async (db) => {
    const { identity, isStored } = await findContent(db, name);
    if (!isStored) throw new Error(`no stored file has the hash ${name}`);
    if (!yes) throw new Error(`${hexOf(identity)} would be deleted for good: ${describeUses(await countBlobUses(db, identity))}; say --yes`);
    await using opened = await openBlobStore(options.config);
    const { store } = opened;
    if (!(await doClaimStore({ db, store })).isOurs) throw new Error(`${describeStore(options.config)} belongs to another server`);
    const nowDate = systemClock.now();
    const what = `delete the file ${hexOf(identity)}${block ? ' and block it' : ''}`;
    const deletion = await doDeleteBlob(db, identity, { nowDate, blocks: block, note: (tx) => noteOperator(tx, what, nowDate) });
    if (deletion === undefined) return options.print(`before     ${hexOf(identity)} was deleted before`);
    const isForgotten = pause(systemClock, BLOB_PLACE_MS);
    const { uses, thumbs, names } = deletion;
    options.print(`deleted    ${hexOf(identity)}: ${describeUses(uses)}`);
    for (const thumb of thumbs) options.print(`thumbnail  ${hexOf(thumb)} was deleted with it`);
    if (block) options.print('blocked    whoever uploads it again is refused');
    await removeBytes(options, { db, store }, names);
    await isForgotten;
  });
}

/** Deletes bytes that are noted as strays. */
async function removeBytes(options: CliOptions, { db, store }: { db: Database; store: BlobStore }, names: readonly string[]): Promise<void> {
  try {
    for (const name of names) await doRemoveStray({ db, fileStorage: { store } }, name);
    options.print(`bytes      removed from ${describeStore(options.config)}; backups that were made before have them`);
  } catch (error) {
    options.print(`bytes      not removed, because ${(error as Error).message}: nobody can load them, and the server removes them within three days`);
  }
}

/** `aerogram blobs block`: refuses content from now on. */
export function blockBlob(options: CliOptions, name: string): Promise<void> {
  return withDatabase(options, async (db) => {
    const { identity, isStored } = await findContent(db, name);
    const isNew = await change(db, `block the file ${hexOf(identity)}`, (tx, nowDate) => saveBlobBlock(tx, identity, nowDate));
    options.print(`${isNew ? 'blocked   ' : 'before    '} ${hexOf(identity)}${isNew ? '' : ' was blocked before'}`);
    if (!isStored) options.print('stored     no file has this hash. It must be the one that "aerogram blobs hash" prints, not that of sha256sum');
    else options.print(`stored     ${describeUses(await countBlobUses(db, identity))}. They can be loaded until "aerogram blobs delete"`);
  });
}

/** `aerogram blobs unblock`: permits content again. */
export function unblockBlob(options: CliOptions, name: string): Promise<void> {
  return withDatabase(options, async (db) => {
    const { identity } = await findContent(db, name);
    if (!(await change(db, `unblock the file ${hexOf(identity)}`, (tx, nowDate) => dropBlobBlock(tx, identity, nowDate)))) throw new Error(`${hexOf(identity)} is not blocked`);
    options.print(`unblocked  ${hexOf(identity)}`);
  });
}

/** Changes something, and records it if it was changed. @returns whether it was */
function change(db: Database, what: string, work: (tx: Parameters<typeof noteOperator>[0], nowDate: number) => Promise<boolean>): Promise<boolean> {
  const nowDate = systemClock.now();
  return db.transact('moderate-blob', async (tx) => {
    const isChanged = await work(tx, nowDate);
    if (isChanged) await noteOperator(tx, what, nowDate);
    return isChanged;
  });
}

/** `aerogram blobs list-blocked`: what is refused, the latest first. */
export function showBlockedBlobs(options: CliOptions, limit: number): Promise<void> {
  return withDatabase(options, async (db) => {
    const blocked = await listBlockedBlobs(db, limit + 1);
    if (blocked.length === 0) options.print('nothing is blocked');
    printBlobs(options, blocked, limit);
  });
}

/** Prints content with dates, and says if there is more than was to be printed. */
function printBlobs(options: CliOptions, blobs: readonly ModeratedBlob[], limit: number, prefix = ''): void {
  for (const { identity, date, byHook } of blobs.slice(0, limit)) options.print(`${prefix}${hexOf(identity)}  ${formatDate(date)}${byHook ? '  by the hook' : ''}`);
  if (blobs.length > limit) options.print(`${prefix}and more`);
}

/** Deleted files that are printed. */
const DELETED_MAX = 100;

/** Prints which files operators have deleted. Those that were deleted after a backup are back after its restore. */
export async function printDeletedBlobs(options: CliOptions, db: Database): Promise<void> {
  const deleted = await listDeletedBlobs(db, DELETED_MAX + 1);
  printBlobs(options, deleted, DELETED_MAX, 'deleted    ');
}

/** `aerogram blobs hash`: the hash by which a file on this disk can be blocked. */
export async function printFileHash(options: CliOptions, file: string): Promise<void> {
  options.print(hexOf(await identifyFile(file)));
}
