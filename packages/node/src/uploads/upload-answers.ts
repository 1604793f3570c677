import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { type BlobStore, type FinishedUpload, PartBusy, type PartPlace, type SaveResult, type Uploads, withUploadFiles } from '@aerogram/blob';
import type { Owners } from '@aerogram/cluster';
import type { Clock, TimerHandle } from '@aerogram/runtime';
import { BEAT_MS, READ_BYTES, readMessage, UPLOAD_CALLS, UPLOAD_NOTES, writeFailure, writeMessage } from './upload-messages.ts';

/** What the answers need. */
export interface UploadAnswersDeps {
  owners: Pick<Owners, 'onAsk' | 'onTell'>;
  /** The uploads on the disk of this node, in the directory `root`. */
  own: Uploads;
  root: string;
  store: BlobStore;
  clock: Clock;
  /** Why no file may be written to the disk of this node now. */
  refusal(): Error | undefined;
}

/** A part as another node sends it. */
export interface SaveQuestion extends Omit<PartPlace, 'userId' | 'fileId'> {
  userId: string;
  fileId: string;
  /** Whether an upload is begun if there is none; otherwise the answer is `unknown`. */
  begins: boolean;
}

/** What became of it. */
export type SaveAnswer = SaveResult | { outcome: 'unknown' };

/** A whole upload that another node finishes. */
export interface FinishQuestion {
  userId: string;
  fileId: string;
  parts: number;
  /** The size that was admitted; without it, or with another one, the answer is `admit`. */
  admitted?: number;
}

/** A finished upload, without the hashes of its blocks. */
export interface WrittenUpload extends Pick<FinishedUpload, 'name' | 'size' | 'parts' | 'partSize'> {
  /** Below the directory of uploads of the node that keeps it. */
  place: string;
  identity: string;
  wrappedKey: string;
}

/** A finished upload of which something is asked. */
export interface FileQuestion {
  place: string;
  name: string;
  size: number;
  wrappedKey: string;
  from?: number;
  to?: number;
  algorithm?: 'md5' | 'sha256';
}

/** After how long without a word from whoever holds an upload it is let go, in milliseconds. */
const HELD_MS = 3 * BEAT_MS;
/** Uploads that other nodes hold at the same time; each is a call of a client that waits. */
const MAX_HELD = 10_000;
/** Bytes of parts that come from other nodes and are being written. */
const MAX_WRITING_BYTES = 64 * 1024 * 1024;

/** The user, the upload and its data file: where the file of an upload is on another node. No other file is ever read for a node. */
export const PLACE = /^\d+\/[0-9a-f]{16}\/[0-9a-f]+$/;

const ID = /^-?\d+$/;

interface Held {
  untilMs: number;
  release(): void;
}

/** Answers what other nodes ask about the uploads that this node keeps. */
export class UploadAnswers implements Disposable {
  readonly #deps: UploadAnswersDeps;
  readonly #held = new Map<string, Held>();
  #timer: TimerHandle | undefined;
  #writing = 0;

  constructor(deps: UploadAnswersDeps) {
    this.#deps = deps;
    const answer = (kind: string, fn: (body: Uint8Array) => Promise<Uint8Array>): void => deps.owners.onAsk(kind, (body) => fn(body).catch(writeFailure));
    answer(UPLOAD_CALLS.save, (body) => this.#save(body));
    answer(UPLOAD_CALLS.finish, (body) => this.#finish(body));
    answer(UPLOAD_CALLS.read, (body) => this.#withFile(body, async (file, { from = 0, to = 0 }) => writeMessage({}, await deps.own.readBytes(file, { from, to: Math.min(to, from + READ_BYTES) }))));
    answer(UPLOAD_CALLS.hash, (body) => this.#withFile(body, async (file, { algorithm = 'sha256' }) => writeMessage({ hash: await deps.own.hashWhole(file, algorithm) })));
    answer(UPLOAD_CALLS.put, (body) =>
      this.#withFile(body, async (file) => {
        await deps.own.putInto(deps.store, file);
        return writeMessage({});
      }));
    answer(UPLOAD_CALLS.discard, async (body) => {
      await deps.own.discard(...idsOf(readMessage<FinishQuestion>(body).head));
      return writeMessage({});
    });
    answer(UPLOAD_CALLS.hold, (body) => this.#hold(...idsOf(readMessage<FinishQuestion>(body).head)));
    const heldBy = (body: Uint8Array): Held | undefined => this.#held.get(readMessage<{ hold: string }>(body).head.hold);
    deps.owners.onTell(UPLOAD_NOTES.release, (body) => heldBy(body)?.release());
    deps.owners.onTell(UPLOAD_NOTES.beat, (body) => {
      const held = heldBy(body);
      if (held) held.untilMs = deps.clock.monotonicMs() + HELD_MS;
    });
  }

  [Symbol.dispose](): void {
    this.#timer?.cancel();
    for (const { release } of this.#held.values()) release();
  }

  async #save(body: Uint8Array): Promise<Uint8Array> {
    const { head, bytes } = readMessage<SaveQuestion>(body);
    const refusal = this.#deps.refusal();
    if (refusal !== undefined) throw refusal;
    if (this.#writing + bytes.length > MAX_WRITING_BYTES) throw new PartBusy('too many parts come from other nodes');
    const [userId, fileId] = idsOf(head);
    const place: PartPlace = { userId, fileId, part: head.part, totalParts: head.totalParts };
    let answer: SaveAnswer | undefined;
    const note = (): Promise<boolean> => {
      answer = { outcome: 'unknown' };
      return Promise.resolve(true);
    };
    this.#writing += bytes.length;
    try {
      const saved = await this.#deps.own.savePart(place, bytes, head.begins ? undefined : note);
      return writeMessage(answer ?? saved);
    } finally {
      this.#writing -= bytes.length;
    }
  }

  async #finish(body: Uint8Array): Promise<Uint8Array> {
    const { head } = readMessage<FinishQuestion>(body);
    const admit = (size: number): Promise<void> => (size === head.admitted ? Promise.resolve() : Promise.reject(new NotAdmitted(size)));
    try {
      const result = await this.#deps.own.finish(...idsOf(head), head.parts, admit);
      return result.outcome === 'finished' ? writeMessage({ outcome: 'finished', file: this.#write(result.file) }, result.file.blockHashes) : writeMessage(result);
    } catch (error) {
      if (error instanceof NotAdmitted) return writeMessage({ outcome: 'admit', size: error.size });
      throw error;
    }
  }

  #write({ path, name, size, parts, partSize, identity, wrappedKey }: FinishedUpload): WrittenUpload {
    const place = path.slice(this.#deps.root.length + 1);
    return { place, name, size, parts, partSize, identity: Buffer.from(identity).toString('hex'), wrappedKey: Buffer.from(wrappedKey).toString('hex') };
  }

  #withFile(body: Uint8Array, work: (file: FinishedUpload, question: FileQuestion) => Promise<Uint8Array>): Promise<Uint8Array> {
    const { head } = readMessage<FileQuestion>(body);
    if (!PLACE.test(head.place)) return Promise.reject(new Error('no place of an upload'));
    const path = join(this.#deps.root, head.place);
    const { name, size } = head;
    const file: FinishedUpload = { path, name, size, parts: 0, partSize: 0, identity: new Uint8Array(0), blockHashes: new Uint8Array(0), wrappedKey: Buffer.from(head.wrappedKey, 'hex') };
    return withUploadFiles(dirname(path), () => work(file, head));
  }

  /** Answers when no other call holds the upload, and keeps others from it until it is released, or nobody says any longer that it is needed. */
  #hold(userId: bigint, fileId: bigint): Promise<Uint8Array> {
    const { own, clock } = this.#deps;
    if (this.#held.size >= MAX_HELD) return Promise.reject(new PartBusy('too many uploads are being finished'));
    return new Promise((resolve, reject) => {
      const hold = randomUUID();
      const work = (): Promise<void> =>
        new Promise((release) => {
          this.#held.set(hold, { untilMs: clock.monotonicMs() + HELD_MS, release });
          this.#lookLater();
          resolve(writeMessage({ hold }));
        });
      own.whileAlone(userId, fileId, work).finally(() => this.#held.delete(hold)).catch(reject);
    });
  }

  #lookLater(): void {
    this.#timer ??= this.#deps.clock.setTimeout(() => {
      this.#timer = undefined;
      const nowMs = this.#deps.clock.monotonicMs();
      for (const { untilMs, release } of this.#held.values()) if (untilMs <= nowMs) release();
      if (this.#held.size > 0) this.#lookLater();
    }, BEAT_MS);
  }
}

/** Ends `finish` before anything is moved, because the node that asks has not admitted the size yet. */
class NotAdmitted extends Error {
  readonly size: number;

  constructor(size: number) {
    super('not admitted');
    this.size = size;
  }
}

function idsOf({ userId, fileId }: { userId: string; fileId: string }): [bigint, bigint] {
  if (!ID.test(userId) || !ID.test(fileId)) throw new Error('no id of an upload');
  return [BigInt.asUintN(64, BigInt(userId)), BigInt(fileId)];
}
