import { RawAccount, sendFile, type ServerInfo } from '@aerogram/dev-env/load';
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
function partOf(file: number, part: number): Buffer {
  const bytes = Buffer.from(CONTENT);
  bytes.writeUInt32LE(file);
  bytes.writeUInt32LE(part, 4);
  return bytes;
}

/** Whether bytes are those of a file from this offset on. */
function isAt(file: number, offset: number, bytes: Uint8Array): boolean {
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
  location: tl.InputFileLocation;
}

const owners: FileOwner[] = [];
let bytesOfFile = 0;

/** Signs up accounts, each of which sends itself a file. @param from number of the first one; other generators have other accounts */
export async function prepareFiles(server: ServerInfo, { from, accounts, mib }: { from: number; accounts: number; mib: number }): Promise<Outcome> {
  bytesOfFile = mib * MIB;
  for (let n = FIRST_NUMBER + from; n < FIRST_NUMBER + from + accounts; n++) {
    const account = await RawAccount.signUp(server, { name: `Account ${n}`, ...phoneOf(n), localAddress: sourceAddress(n) });
    const location = await sendFile(account, bytesOfFile / PART_BYTES, (part) => partOf(n, part));
    account.disconnect();
    owners.push({ account, file: n, location });
  }
  return { operations: 0, elapsedMs: 0, ackMs: [] };
}

/** Transfers parts between the accounts, which take turns as owners of the connections, and the server. */
export function transferFiles(server: ServerInfo, transfer: Transfer, accounts = owners.length): Promise<Outcome> {
  const { host, port } = server.mtproto;
  return transferParts(transfer, (i) => {
    const owner = owners[i % accounts]!;
    const next = transfer.direction === 'in' ? uploading(owner) : transfer.isRandom === true ? randomParts(owner, transfer.bytes) : partsInOrder(owner, transfer.bytes, i);
    return { host, port, clientKey: owner.account.key, next };
  });
}

/** Parts of new files of unknown length. */
function uploading({ file }: FileOwner): () => PartRequest {
  let fileId = systemRandom.int63();
  let part = 0;
  return () => {
    if (part === MOST_PARTS) [fileId, part] = [systemRandom.int63(), 0];
    return { body: encode({ _: 'upload.saveBigFilePart', file_id: fileId, file_part: part, file_total_parts: -1, bytes: partOf(file, part++) }), isRight: isSaved };
  };
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

/** A file from its beginning to its end, and again. @param first part to begin with, so that connections ask for different ones */
function partsInOrder(owner: FileOwner, bytes: number, first: number): () => PartRequest {
  let part = first;
  return () => asking(owner, (part++ * bytes) % bytesOfFile, bytes);
}

function randomParts(owner: FileOwner, bytes: number): () => PartRequest {
  const random = seededRandom(21);
  return () => {
    // A part does not cross the border of a MiB.
    const within = (random.uint31() % ((MIB - bytes) / KIB + 1)) * KIB;
    return asking(owner, (random.uint31() % (bytesOfFile / MIB)) * MIB + within, bytes);
  };
}
