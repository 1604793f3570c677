import { type BlobStore, identifyFile } from '@aerogram/blob';
import {
  BLOB_PLACE_MS, type BlobUses, countBlobUses, doClaimStore, doDeleteBlob, doRemoveStray, dropBlobBlock, findBlobByHash, findBlobOfDocument, listBlockedBlobs, listDeletedBlobs, type ModeratedBlob, noteOperator, saveBlobBlock,
} from '@aerogram/domain';
import { describeStore, openBlobStore } from '@aerogram/node';
import { pause, systemClock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import { withDatabase } from '../open-database.ts';
import { type CliOptions, formatDate } from '../options.ts';
import type { Output } from '../output.ts';

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
export function deleteBlob(options: CliOptions, name: string, { block, yes }: DeleteChoice): Promise<Output> {
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
    if (deletion === undefined) return { value: { hash: hexOf(identity), deleted: false }, lines: [`before     ${hexOf(identity)} was deleted before`] };
    const isForgotten = pause(systemClock, BLOB_PLACE_MS);
    const { uses, thumbs, names } = deletion;
    const removal = await removeBytes(options, { db, store }, names);
    await isForgotten;
    const lines = [
      `deleted    ${hexOf(identity)}: ${describeUses(uses)}`,
      ...thumbs.map((thumb) => `thumbnail  ${hexOf(thumb)} was deleted with it`),
      ...(block ? ['blocked    whoever uploads it again is refused'] : []),
      ...removal.lines,
    ];
    return { value: { hash: hexOf(identity), deleted: true, blocked: block, uses, thumbnails: thumbs.map(hexOf), bytes_removed: removal.value }, lines };
  });
}

/** Deletes bytes that are noted as strays. @returns whether they are removed */
async function removeBytes(options: CliOptions, { db, store }: { db: Database; store: BlobStore }, names: readonly string[]): Promise<Output> {
  try {
    for (const name of names) await doRemoveStray({ db, fileStorage: { store } }, name);
    return { value: true, lines: [`bytes      removed from ${describeStore(options.config)}; backups that were made before have them`] };
  } catch (error) {
    return { value: false, lines: [`bytes      not removed, because ${(error as Error).message}: nobody can load them, and the server removes them within three days`] };
  }
}

/** `aerogram blobs block`: refuses content from now on. */
export function blockBlob(options: CliOptions, name: string): Promise<Output> {
  return withDatabase(options, async (db) => {
    const { identity, isStored } = await findContent(db, name);
    const isNew = await change(db, `block the file ${hexOf(identity)}`, (tx, nowDate) => saveBlobBlock(tx, identity, nowDate));
    const uses = isStored ? await countBlobUses(db, identity) : null;
    const lines = [
      `${isNew ? 'blocked   ' : 'before    '} ${hexOf(identity)}${isNew ? '' : ' was blocked before'}`,
      uses === null
        ? 'stored     no file has this hash. It must be the one that "aerogram blobs hash" prints, not that of sha256sum'
        : `stored     ${describeUses(uses)}. They can be loaded until "aerogram blobs delete"`,
    ];
    return { value: { hash: hexOf(identity), was_blocked: !isNew, uses }, lines };
  });
}

/** `aerogram blobs unblock`: permits content again. */
export function unblockBlob(options: CliOptions, name: string): Promise<Output> {
  return withDatabase(options, async (db) => {
    const { identity } = await findContent(db, name);
    if (!(await change(db, `unblock the file ${hexOf(identity)}`, (tx, nowDate) => dropBlobBlock(tx, identity, nowDate)))) throw new Error(`${hexOf(identity)} is not blocked`);
    return { value: { hash: hexOf(identity) }, lines: [`unblocked  ${hexOf(identity)}`] };
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
export function showBlockedBlobs(options: CliOptions, limit: number): Promise<Output> {
  return withDatabase(options, async (db) => {
    const blocked = await listBlockedBlobs(db, limit + 1);
    const { value, lines } = listBlobs(blocked, limit);
    return { value, lines: blocked.length === 0 ? ['nothing is blocked'] : lines };
  });
}

/** Content with dates, and whether there is more than was to be listed. */
function listBlobs(blobs: readonly ModeratedBlob[], limit: number, prefix = ''): Output {
  const listed = blobs.slice(0, limit).map(({ identity, date, byHook }) => ({ hash: hexOf(identity), date: formatDate(date), by_hook: byHook }));
  const lines = listed.map((blob) => `${prefix}${blob.hash}  ${blob.date}${blob.by_hook ? '  by the hook' : ''}`);
  return { value: listed, lines: blobs.length > limit ? [...lines, `${prefix}and more`] : lines };
}

/** Deleted files that are listed. */
const DELETED_MAX = 100;

/** Which files operators have deleted. Those that were deleted after a backup are back after its restore. */
export async function listDeleted(db: Database): Promise<Output> {
  return listBlobs(await listDeletedBlobs(db, DELETED_MAX + 1), DELETED_MAX, 'deleted    ');
}

/** `aerogram blobs hash`: the hash by which a file on this disk can be blocked. */
export async function showFileHash(file: string): Promise<Output> {
  const hash = hexOf(await identifyFile(file));
  return { value: { hash }, lines: [hash] };
}
