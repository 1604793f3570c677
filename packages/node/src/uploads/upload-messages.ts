import { BlobStoreUnavailable, PartBusy, UploadKeyMissing, UploadReplaced } from '@aerogram/blob';
import { DiskFull } from '@aerogram/storage';

/** The questions about uploads that one node asks another. */
export const UPLOAD_CALLS = {
  save: 'upload-save', finish: 'upload-finish', read: 'upload-read', hash: 'upload-hash', put: 'upload-put', discard: 'upload-discard', hold: 'upload-hold',
} as const;

/** What is told about an upload that a call holds: that the call still works with it, and that it has ended. */
export const UPLOAD_NOTES = { beat: 'upload-beat', release: 'upload-release' } as const;

/** How often whoever holds an upload says so, in milliseconds. */
export const BEAT_MS = 5000;

/** The most bytes of a file that are read with one question. */
export const READ_BYTES = 1024 * 1024;

/** A failure as it is told to the node that asked. Other errors have no name there. */
const FAILURES = {
  busy: PartBusy,
  replaced: UploadReplaced,
  keyless: UploadKeyMissing,
  away: BlobStoreUnavailable,
  full: DiskFull,
} as const satisfies Record<string, new (message: string) => Error>;

type Failure = keyof typeof FAILURES;

/** A value that JSON keeps, and bytes. */
export interface Message<T> {
  head: T;
  bytes: Uint8Array;
}

/** Writes a question or an answer. */
export function writeMessage(head: unknown, bytes: Uint8Array = new Uint8Array(0)): Uint8Array {
  const json = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  return Buffer.concat([length, json, bytes]);
}

/** Reads what {@link writeMessage} has written; both ends are nodes of one version, or of two that follow one another. @throws when it is something else */
export function readMessage<T>(body: Uint8Array): Message<T> {
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const end = 4 + buffer.readUInt32LE(0);
  return { head: JSON.parse(buffer.toString('utf8', 4, end)) as T, bytes: buffer.subarray(end) };
}

const NO_ROOM: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT']);

/** Writes an error that the caller must know. @throws it, if the caller need not */
export function writeFailure(error: unknown): Uint8Array {
  if (NO_ROOM.has((error as NodeJS.ErrnoException | undefined)?.code)) return writeMessage({ failure: 'full' satisfies Failure, words: 'the disk of the node that keeps the upload is full' });
  for (const [failure, Kind] of Object.entries(FAILURES)) if (error instanceof Kind) return writeMessage({ failure, words: error.message });
  throw error;
}

/** Reads an answer. @throws the error that it tells of; PartBusy if there is none, because the client should try again later */
export function readAnswer<T>(body: Uint8Array | undefined): Message<T> {
  if (body === undefined) throw new PartBusy('the node that keeps the upload cannot be asked now');
  const answer = readMessage<T & { failure?: Failure; words?: string }>(body);
  const { failure, words = '' } = answer.head;
  if (failure !== undefined) throw new (FAILURES[failure] ?? Error)(words);
  return answer;
}
