import { passFile, RawAccount, sendUploaded, type ServerInfo } from '@aerogram/dev-env/load';
import { createAuthKey } from '@aerogram/mtproto/client';
import { seededRandom, systemRandom } from '@aerogram/runtime';
import { decode, encode, type tl } from '@aerogram/tl';
import { floorKey } from './floor-key.ts';
import { type Outcome, sourceAddress } from './outcome.ts';
import { type PartRequest, type PartSource, type Transfer, transferParts } from './part-client.ts';
import { phoneOf } from './send-load.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const PART_BYTES = 512 * KIB;
/** Parts of a file that is uploaded without its length being known, so that it fits the server's limit. */
const MOST_PARTS = 3900;
/** The answer to an uploaded part: true. */
const SAVED = Buffer.from('b5757299', 'hex');
const CONTENT = Buffer.from(seededRandom(20).bytes(PART_BYTES));
const FILE_REFERENCE_BYTES = 25;
/** Accounts of other commands have the numbers below. */
const FIRST_NUMBER = 20_000;

/** The parts of an account's file: all of the same content, but for the numbers at the beginning. */
export function partOf(file: number, part: number): Buffer {
  const bytes = Buffer.from(CONTENT);
  bytes.writeUInt32LE(file);
  bytes.writeUInt32LE(part, 4);
  return bytes;
}

/** Whether bytes are those of a file from this offset on. */
export function isAt(file: number, offset: number, bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; ) {
    const from = (offset + at) % PART_BYTES;
    const expected = partOf(file, Math.floor((offset + at) / PART_BYTES)).subarray(from, from + bytes.length - at);
    if (!expected.equals(bytes.subarray(at, at + expected.length))) return false;
    at += expected.length;
  }
  return true;
}

const isSaved = (answer: Uint8Array): boolean => SAVED.equals(answer);

/** Transfers parts between raw clients with known keys and the floor. */
export function transferFloor(port: number, transfer: Transfer): Promise<Outcome> {
  const { direction, bytes } = transfer;
  const content = systemRandom.bytes(bytes);
  const location: tl.InputFileLocation = { _: 'inputDocumentFileLocation', id: 1n, access_hash: 2n, file_reference: new Uint8Array(FILE_REFERENCE_BYTES), thumb_size: '' };
  const download: PartRequest = {
    body: encode({ _: 'upload.getFile', limit: bytes, offset: 0n, location }),
    isRight: (answer) => (decode(answer) as tl.upload.file).bytes.length === bytes,
  };
  let part = 0;
  const upload = (): PartRequest => ({ body: encode({ _: 'upload.saveBigFilePart', file_id: 1n, file_part: part++, file_total_parts: -1, bytes: content }), isRight: isSaved });
  const next = direction === 'out' ? () => download : upload;
  return transferParts(transfer, (i): PartSource => ({ host: '127.0.0.1', port, clientKey: { key: createAuthKey(floorKey(i)), salt: 0n }, next }));
}

/** An account with a file that it may load. */
interface FileOwner {
  account: RawAccount;
  /** The number in its parts. */
  file: number;
  location: tl.inputDocumentFileLocation;
  /** Length of the file. */
  bytes: number;
}

const owners: FileOwner[] = [];

function signUpOwner(server: ServerInfo, number: number): Promise<RawAccount> {
  const n = FIRST_NUMBER + number;
  return RawAccount.signUp(server, { name: `Account ${n}`, ...phoneOf(n), localAddress: sourceAddress(n) });
}

/** Signs up accounts, each of which sends itself a file. @param from number of the first one; other generators have other accounts */
export async function prepareFiles(server: ServerInfo, { from, accounts, mib }: { from: number; accounts: number; mib: number }): Promise<Outcome> {
  for (let n = from; n < from + accounts; n++) {
    const account = await signUpOwner(server, n);
    owners.push({ account, file: n, location: await uploadWhole(server, account, n, mib), bytes: mib * MIB });
    account.disconnect();
  }
  return { operations: 0, elapsedMs: 0, ackMs: [] };
}

/** Uploads a file, and sends it to the account itself, which is connected then. */
async function uploadWhole(server: ServerInfo, account: RawAccount, file: number, mib: number): Promise<tl.inputDocumentFileLocation> {
  const { host, port } = server.mtproto;
  const fileId = systemRandom.int63();
  const parts = (mib * MIB) / PART_BYTES;
  let part = 0;
  const next = (): PartRequest | undefined => (part < parts ? saving({ file, fileId, part: part++, parts }) : undefined);
  await transferParts(WHOLE_IN, () => ({ host, port, clientKey: account.key, next }));
  // Its own connection may have been idle for too long.
  await account.connect(server);
  return sendUploaded(account, { fileId, parts });
}

/** Loads a file from its beginning to its end. */
async function downloadWhole(server: ServerInfo, owner: FileOwner): Promise<void> {
  const { host, port } = server.mtproto;
  let offset = 0;
  const next = (): PartRequest | undefined => {
    if (offset >= owner.bytes) return undefined;
    offset += PART_BYTES;
    return asking(owner, offset - PART_BYTES, PART_BYTES);
  };
  await transferParts(WHOLE_OUT, () => ({ host, port, clientKey: owner.account.key, next }));
}

const WHOLE_OUT: Transfer = { direction: 'out', connections: 1, window: 8, bytes: PART_BYTES };
const WHOLE_IN: Transfer = { ...WHOLE_OUT, direction: 'in' };

const uploaders: RawAccount[] = [];
const downloaders: RawAccount[] = [];

/** Signs up the accounts for `transferWhole`, half of which upload files. */
export async function signUpCarriers(server: ServerInfo, accounts: number): Promise<Outcome> {
  for (let n = 0; n < accounts; n++) (n % 2 === 0 ? uploaders : downloaders).push(await signUpOwner(server, n));
  return { operations: 0, elapsedMs: 0, ackMs: [] };
}

/** Each account transfers files of this length, one at a time, until the time is over, but at least one. */
export async function transferWhole(server: ServerInfo, mib: number, ms: number): Promise<Outcome> {
  let [files, operations] = [0, 0];
  const [first] = uploaders;
  const content = files++;
  const location = await uploadWhole(server, first!, content, mib);
  const owned: FileOwner[] = [];
  for (const account of downloaders) {
    await account.connect(server);
    owned.push({ account, file: content, location: await passFile(first!, location, account), bytes: mib * MIB });
  }
  const started = performance.now();
  const repeat = async (transfer: () => Promise<unknown>): Promise<void> => {
    do {
      await transfer();
      operations += mib;
    } while (performance.now() - started < ms);
  };
  await Promise.all([
    ...uploaders.map((account) => repeat(() => uploadWhole(server, account, files++, mib))),
    ...owned.map((owner) => repeat(() => downloadWhole(server, owner))),
  ]);
  return { operations, elapsedMs: performance.now() - started, ackMs: [] };
}

/**
 * Transfers parts between the accounts, which take turns as owners of the connections, and the server.
 * @param transfers run at the same time
 * @param accounts how many of the accounts
 */
export async function transferFiles(server: ServerInfo, transfers: readonly Transfer[], accounts = owners.length): Promise<Outcome> {
  const { host, port } = server.mtproto;
  let connection = 0;
  const outcomes = await Promise.all(transfers.map((transfer) => transferParts(transfer, (i) => {
    const owner = owners[connection++ % accounts]!;
    const next = transfer.direction === 'in' ? uploading(owner) : transfer.isRandom === true ? randomParts(owner, transfer.bytes) : partsInOrder(owner, transfer.bytes, i);
    return { host, port, clientKey: owner.account.key, next };
  })));
  return {
    operations: outcomes.reduce((sum, { operations }) => sum + operations, 0),
    elapsedMs: Math.max(...outcomes.map(({ elapsedMs }) => elapsedMs)),
    ackMs: outcomes.flatMap(({ ackMs }) => ackMs),
  };
}

function saving({ file, fileId, part, parts }: { file: number; fileId: bigint; part: number; parts: number }): PartRequest {
  return { body: encode({ _: 'upload.saveBigFilePart', file_id: fileId, file_part: part, file_total_parts: parts, bytes: partOf(file, part) }), isRight: isSaved };
}

function asking({ file, location }: FileOwner, offset: number, limit: number): PartRequest {
  return {
    body: encode({ _: 'upload.getFile', precise: true, location, offset: BigInt(offset), limit }),
    isRight(answer) {
      const got = decode(answer) as tl.upload.file;
      return got._ === 'upload.file' && got.bytes.length === limit && isAt(file, offset, got.bytes);
    },
  };
}

/** Parts of new files of unknown length. */
function uploading({ file }: FileOwner): () => PartRequest {
  let fileId = systemRandom.int63();
  let part = 0;
  return () => {
    if (part === MOST_PARTS) [fileId, part] = [systemRandom.int63(), 0];
    return saving({ file, fileId, part: part++, parts: -1 });
  };
}

/** A file from its beginning to its end, and again. @param first part to begin with, so that connections ask for different ones */
function partsInOrder(owner: FileOwner, bytes: number, first: number): () => PartRequest {
  let part = first;
  return () => asking(owner, (part++ * bytes) % owner.bytes, bytes);
}

function randomParts(owner: FileOwner, bytes: number): () => PartRequest {
  const random = seededRandom(21);
  return () => {
    // A part does not cross the border of a MiB.
    const within = (random.uint31() % ((MIB - bytes) / KIB + 1)) * KIB;
    return asking(owner, (random.uint31() % (owner.bytes / MIB)) * MIB + within, bytes);
  };
}
