import { createHash } from 'node:crypto';
import type { RawAccount } from '@aerogram/dev-env/load';
import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { channelsIn } from './channel-input.ts';

/** A file that is sent during the load. */
interface SentFile {
  caption: string;
  bytes: Uint8Array;
  hash: string;
  fileId: bigint;
  randomId: bigint;
  /** The id of the message, once the server has acknowledged it. */
  ackedId: number | undefined;
  /** Whether the deletion of the message was asked for, or acknowledged. */
  deletion: 'asked' | 'acknowledged' | undefined;
}

const PART_BYTES = 32 * 1024;
const FILE_MAX_BYTES = 200_000;
/** One answer holds a whole file. */
const LIMIT = 524_288;
/** Files that each check loads, the last ones. */
const LOADED_MAX = 100;
/** Every fourth file is the same, so that its blob is shared. */
const SAME_EVERY = 4;
/** The newest files are not deleted, so that there is always something to load. */
const KEPT = 10;

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A chat in which one account sends files, and deletes some of them, without end. */
export class SentFiles {
  readonly #from: RawAccount;
  readonly #peer: tl.InputPeer;
  readonly #files: SentFile[] = [];
  readonly #same: Uint8Array;

  private constructor(from: RawAccount, peer: tl.InputPeer, random: Random) {
    this.#from = from;
    this.#peer = peer;
    this.#same = random.bytes(FILE_MAX_BYTES);
  }

  /** Creates a channel for the files. */
  static async inChannel(from: RawAccount, random: Random): Promise<SentFiles> {
    const [channel] = channelsIn(await from.call<'channels.createChannel'>({ _: 'channels.createChannel', broadcast: true, title: 'Files', about: '' }));
    return new SentFiles(from, { ...channel!, _: 'inputPeerChannel' }, random);
  }

  /** The files go into the private chat with another account, to which nothing else is sent. */
  static toAccount(from: RawAccount, to: RawAccount, random: Random): SentFiles {
    return new SentFiles(from, from.inputPeer(to), random);
  }

  /** How many files were sent. */
  get count(): number {
    return this.#files.length;
  }

  /** Uploads and sends one file. */
  async send(random: Random): Promise<void> {
    const n = this.#files.length;
    const bytes = n % SAME_EVERY === 0 ? this.#same : random.bytes(1 + (random.uint31() % FILE_MAX_BYTES));
    const file = { caption: `file ${n}`, bytes, hash: hashOf(bytes), fileId: random.int64(), randomId: random.int63(), ackedId: undefined, deletion: undefined };
    this.#files.push(file);
    await this.#upload(file);
    await this.#send(file);
  }

  /** Uploads a file that is never sent: in turn, all of its parts but the last one; all parts; and all parts of which a document is made. */
  async abandon(random: Random): Promise<void> {
    const way = random.uint31() % 3;
    const file = { bytes: random.bytes(2 * PART_BYTES + 1), fileId: random.int64() };
    await this.#upload(file, way === 0 ? 1 : 0);
    if (way === 2) await this.#from.call<'messages.uploadMedia'>({ _: 'messages.uploadMedia', peer: this.#peer, media: mediaOf(file) });
  }

  /** Deletes one of the older messages for everybody. */
  async delete(random: Random): Promise<void> {
    const old = this.#files.slice(0, -KEPT).filter(({ ackedId, deletion }) => ackedId !== undefined && deletion !== 'acknowledged');
    const file = old[random.uint31() % Math.max(old.length, 1)];
    if (file === undefined) return;
    file.deletion = 'asked';
    const id = [file.ackedId!];
    const channel = channelOf(this.#peer);
    if (channel === undefined) await this.#from.call<'messages.deleteMessages'>({ _: 'messages.deleteMessages', revoke: true, id });
    else await this.#from.call<'channels.deleteMessages'>({ _: 'channels.deleteMessages', channel, id });
    file.deletion = 'acknowledged';
  }

  async #upload({ bytes, fileId: file_id }: Pick<SentFile, 'bytes' | 'fileId'>, left = 0): Promise<void> {
    const saving = Array.from({ length: partsOf(bytes) - left }, (_, part) =>
      this.#from.call<'upload.saveFilePart'>({ _: 'upload.saveFilePart', file_id, file_part: part, bytes: bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES) }),
    );
    await Promise.all(saving);
  }

  async #send(file: SentFile): Promise<void> {
    const { caption: message, randomId: random_id } = file;
    const answer = await this.#from.call<'messages.sendMedia'>({ _: 'messages.sendMedia', peer: this.#peer, media: mediaOf(file), message, random_id });
    const named = answer._ === 'updates' ? answer.updates.find((update) => update._ === 'updateMessageID') : undefined;
    if (named === undefined) throw new Error(`sendMedia answers ${answer._}`);
    file.ackedId = named.id;
  }

  /** Does again what was not acknowledged: first the last call alone, as a client does; if that does not find the file, also the upload. */
  async repeatOpen(): Promise<void> {
    for (const file of this.#files) {
      if (file.ackedId !== undefined) continue;
      await this.#send(file).catch(async (error: unknown) => {
        if (!/FILE_PART_\d+_MISSING|FILE_PARTS_INVALID/.test(String(error))) throw error;
        await this.#upload(file);
        await this.#send(file);
      });
    }
    // What was deleted is needed no more.
    for (const file of this.#files) if (file.deletion === 'acknowledged') file.bytes = new Uint8Array();
  }

  /**
   * Checks the chat after a crash: acknowledged files are there once, others once or not at all, deleted ones are gone, and each of the last ones can be loaded and
   * is what was sent.
   * @param loaded how many files are loaded
   * @throws with all violations
   */
  async check(loaded = LOADED_MAX): Promise<void> {
    const broken: string[] = [];
    const found = await this.#readMessages();
    const first = this.#files.length - loaded;
    for (const [at, file] of this.#files.entries()) {
      const messages = found.get(file.caption) ?? [];
      const { caption, ackedId, deletion, hash } = file;
      const isRight = ackedId === undefined || deletion === 'asked' ? messages.length <= 1 : deletion === 'acknowledged' ? messages.length === 0 : messages.length === 1 && messages[0]!.id === ackedId;
      if (!isRight) broken.push(`"${caption}", acknowledged as ${ackedId}, deletion ${deletion}, has the ids [${messages.map(({ id }) => id).join()}]`);
      for (const message of at < first ? [] : messages) {
        const wrong = await this.#load(message).then((bytes) => (hashOf(bytes) === hash ? undefined : 'is not what was sent'), (error: unknown) => `cannot be loaded: ${String(error)}`);
        if (wrong !== undefined) broken.push(`"${caption}" ${wrong}`);
      }
    }
    if (broken.length > 0) throw new Error(`${broken.length} promises about files are broken:\n${broken.slice(0, 20).join('\n')}`);
  }

  async #readMessages(): Promise<Map<string, tl.message[]>> {
    const found = new Map<string, tl.message[]>();
    for (let offset_id = 0; ; ) {
      const page = { offset_id, offset_date: 0, add_offset: 0, limit: 100, max_id: 0, min_id: 0, hash: 0n };
      const answer = await this.#from.call<'messages.getHistory'>({ _: 'messages.getHistory', peer: this.#peer, ...page });
      if (answer._ === 'messages.messagesNotModified') throw new Error('getHistory answers that nothing changed');
      for (const message of answer.messages) if (message._ === 'message') found.set(message.message, [...(found.get(message.message) ?? []), message]);
      const last = answer.messages.at(-1);
      if (last === undefined) return found;
      offset_id = last.id;
    }
  }

  async #load({ media }: tl.message): Promise<Uint8Array> {
    if (media?._ !== 'messageMediaDocument' || media.document?._ !== 'document') throw new Error('a message has lost its file');
    const { id, access_hash, file_reference } = media.document;
    const location: tl.inputDocumentFileLocation = { _: 'inputDocumentFileLocation', id, access_hash, file_reference, thumb_size: '' };
    const answer = await this.#from.call<'upload.getFile'>({ _: 'upload.getFile', location, offset: 0n, limit: LIMIT });
    return answer._ === 'upload.file' ? answer.bytes : new Uint8Array();
  }
}

const partsOf = (bytes: Uint8Array): number => Math.ceil(bytes.length / PART_BYTES);

function mediaOf({ bytes, fileId: id }: Pick<SentFile, 'bytes' | 'fileId'>): tl.inputMediaUploadedDocument {
  const file: tl.inputFile = { _: 'inputFile', id, parts: partsOf(bytes), name: 'a.bin', md5_checksum: '' };
  return { _: 'inputMediaUploadedDocument', file, mime_type: 'application/octet-stream', attributes: [] };
}

function channelOf(peer: tl.InputPeer): tl.inputChannel | undefined {
  return peer._ === 'inputPeerChannel' ? { ...peer, _: 'inputChannel' } : undefined;
}
