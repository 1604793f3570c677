import { type BlobStore, type FinishedUpload, type FinishResult, HASHED_FILE_MAX, type PartPlace, type SaveResult, type UnfinishedUploads, type Uploads, UploadReplaced } from '@aerogram/blob';
import type { Owners } from '@aerogram/cluster';
import type { Clock } from '@aerogram/runtime';
import { type FileQuestion, type FinishQuestion, type SaveAnswer, type SaveQuestion, PLACE, UploadAnswers, type UploadAnswersDeps, type WrittenUpload } from './upload-answers.ts';
import { BEAT_MS, type Message, READ_BYTES, readAnswer, UPLOAD_CALLS, UPLOAD_NOTES, writeMessage } from './upload-messages.ts';

/** How long answers are waited for, in milliseconds. A hold waits for others for up to ten seconds; long files are hashed, and copied into the store. */
const TIMEOUT_MS = { save: 30_000, finish: 300_000, read: 30_000, hash: 60_000, put: 900_000, discard: 60_000, hold: 15_000 } as const;

type Call = keyof typeof TIMEOUT_MS;

type FinishAnswer = Exclude<FinishResult, { outcome: 'finished' }> | { outcome: 'finished'; file: WrittenUpload } | { outcome: 'admit'; size: number };

/**
 * The uploads of a cluster: the node that owns `upload:<user>:<file id>` keeps the parts on its disk, and the others ask it. If another node becomes the owner, it has
 * no parts, and clients are asked for all of them. Limits of a user are those of each node.
 */
export class SharedUploads implements UnfinishedUploads, Disposable {
  readonly #own: Uploads;
  readonly #owners: Owners;
  readonly #clock: Clock;
  readonly #answers: UploadAnswers;

  constructor(deps: UploadAnswersDeps & { owners: Owners }) {
    this.#own = deps.own;
    this.#owners = deps.owners;
    this.#clock = deps.clock;
    this.#answers = new UploadAnswers(deps);
  }

  async savePart(place: PartPlace, bytes: Uint8Array, isStored?: () => Promise<boolean>): Promise<SaveResult> {
    const { userId, fileId, part, totalParts } = place;
    const node = this.#find(userId, fileId);
    if (node === undefined) return this.#own.savePart(place, bytes, isStored);
    const save = async (begins: boolean): Promise<SaveAnswer> => {
      const question: SaveQuestion = { userId: String(userId), fileId: String(fileId), part, totalParts, begins };
      return (await this.#ask<SaveAnswer>(node, 'save', question, bytes)).head;
    };
    const answer = await save(isStored === undefined);
    if (answer.outcome !== 'unknown') return answer;
    if ((await isStored?.()) === true) return { outcome: 'saved' };
    const second = await save(true);
    if (second.outcome === 'unknown') throw new Error('an upload was not begun');
    return second;
  }

  async finish(userId: bigint, fileId: bigint, parts: number, admit?: (size: number) => Promise<void>): Promise<FinishResult> {
    const node = this.#find(userId, fileId);
    if (node === undefined) return this.#own.finish(userId, fileId, parts, admit);
    const question: FinishQuestion = { userId: String(userId), fileId: String(fileId), parts };
    for (;;) {
      const { head, bytes } = await this.#ask<FinishAnswer>(node, 'finish', question);
      if (head.outcome === 'finished') return { outcome: 'finished', file: { ...readUpload(head.file), blockHashes: bytes } };
      if (head.outcome !== 'admit') return head;
      await admit?.(head.size);
      question.admitted = head.size;
    }
  }

  async whileAlone<T>(userId: bigint, fileId: bigint, work: () => Promise<T>): Promise<T> {
    const node = this.#find(userId, fileId);
    if (node === undefined) return this.#own.whileAlone(userId, fileId, work);
    const { head } = await this.#ask<{ hold: string }>(node, 'hold', { userId: String(userId), fileId: String(fileId) });
    const tell = (note: keyof typeof UPLOAD_NOTES): void => this.#owners.tell(node, { kind: UPLOAD_NOTES[note], body: writeMessage(head) });
    const beat = this.#clock.setInterval(() => tell('beat'), BEAT_MS);
    try {
      return await work();
    } finally {
      beat.cancel();
      tell('release');
    }
  }

  async hashWhole(finished: FinishedUpload, algorithm: 'md5' | 'sha256'): Promise<string> {
    if (!PLACE.test(finished.path)) return this.#own.hashWhole(finished, algorithm);
    if (finished.size > HASHED_FILE_MAX) throw new RangeError(`a file of ${finished.size} bytes is too long to be hashed as a whole`);
    return (await this.#askFile<{ hash: string }>('hash', finished, { algorithm })).head.hash;
  }

  async *read(finished: FinishedUpload): AsyncGenerator<Uint8Array> {
    if (!PLACE.test(finished.path)) yield* this.#own.read(finished);
    else for (let from = 0; from < finished.size; from += READ_BYTES) yield await this.#readStep(finished, from, finished.size);
  }

  async readBytes(finished: FinishedUpload, range: { from?: number; to?: number } = {}): Promise<Uint8Array> {
    if (!PLACE.test(finished.path)) return this.#own.readBytes(finished, range);
    const from = range.from ?? 0;
    const to = Math.min(range.to ?? finished.size, finished.size);
    if (to - from > HASHED_FILE_MAX) throw new RangeError(`${to - from} bytes are too many to be read at once`);
    const steps: Uint8Array[] = [];
    for (let at = from; at < to; at += READ_BYTES) steps.push(await this.#readStep(finished, at, to));
    return Buffer.concat(steps);
  }

  async putInto(store: BlobStore, finished: FinishedUpload): Promise<void> {
    if (!PLACE.test(finished.path)) await this.#own.putInto(store, finished);
    else await this.#askFile('put', finished, {});
  }

  async discard(userId: bigint, fileId: bigint): Promise<void> {
    const node = this.#find(userId, fileId);
    if (node === undefined) await this.#own.discard(userId, fileId);
    else await this.#ask(node, 'discard', { userId: String(userId), fileId: String(fileId) });
  }

  [Symbol.dispose](): void {
    this.#answers[Symbol.dispose]();
  }

  #find(userId: bigint, fileId: bigint): string | undefined {
    return this.#owners.find(keyOf(String(userId), fileId));
  }

  async #readStep(finished: FinishedUpload, from: number, to: number): Promise<Uint8Array> {
    const { bytes } = await this.#askFile('read', finished, { from, to: Math.min(to, from + READ_BYTES) });
    if (bytes.length === 0) throw new UploadReplaced('the file of the upload is shorter than it was');
    return bytes;
  }

  async #askFile<T>(call: Call, { path: place, name, size, wrappedKey }: FinishedUpload, more: Partial<FileQuestion>): Promise<Message<T>> {
    const [userId = '', fileId = ''] = place.split('/');
    const node = this.#owners.find(keyOf(userId, BigInt(`0x${fileId}`)));
    if (node === undefined) throw new UploadReplaced('this node has become the owner of an upload that another one keeps');
    const question: FileQuestion = { place, name, size, wrappedKey: Buffer.from(wrappedKey).toString('hex'), ...more };
    return this.#ask<T>(node, call, question);
  }

  async #ask<T>(node: string, call: Call, question: object, bytes?: Uint8Array): Promise<Message<T>> {
    return readAnswer<T>(await this.#owners.ask(node, { kind: UPLOAD_CALLS[call], body: writeMessage(question, bytes) }, { timeoutMs: TIMEOUT_MS[call] }));
  }
}

/** A file id is the same with and without its sign. */
function keyOf(userId: string, fileId: bigint): string {
  return `upload:${userId}:${BigInt.asUintN(64, fileId)}`;
}

/** A finished upload on the disk of another node: its path is its place there. */
function readUpload({ place, name, size, parts, partSize, identity, wrappedKey }: WrittenUpload): Omit<FinishedUpload, 'blockHashes'> {
  return { path: place, name, size, parts, partSize, identity: Buffer.from(identity, 'hex'), wrappedKey: Buffer.from(wrappedKey, 'hex') };
}
