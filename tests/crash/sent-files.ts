import type { RawAccount } from '@aerogram/dev-env/load';
import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { channelsIn } from './channel-input.ts';

/** A file that is sent during the load. */
interface SentFile {
  caption: string;
  bytes: Uint8Array;
  fileId: bigint;
  randomId: bigint;
  /** The id of the message, once the server has acknowledged it. */
  ackedId: number | undefined;
}

const PART_BYTES = 32 * 1024;
const FILE_MAX_BYTES = 200_000;
/** One answer holds a whole file. */
const LIMIT = 524_288;
/** Files that each check loads, the last ones. */
const LOADED_MAX = 100;
/** Every fourth file is the same, so that its blob is shared. */
const SAME_EVERY = 4;

/** A channel in which one account posts files, without end. */
export class SentFiles {
  readonly #from: RawAccount;
  readonly #channel: tl.inputChannel;
  readonly #files: SentFile[] = [];
  readonly #same: Uint8Array;

  private constructor(from: RawAccount, channel: tl.inputChannel, same: Uint8Array) {
    this.#from = from;
    this.#channel = channel;
    this.#same = same;
  }

  /** Creates the channel. */
  static async create(from: RawAccount, random: Random): Promise<SentFiles> {
    const [channel] = channelsIn(await from.call<'channels.createChannel'>({ _: 'channels.createChannel', broadcast: true, title: 'Files', about: '' }));
    return new SentFiles(from, channel!, random.bytes(FILE_MAX_BYTES));
  }

  /** Uploads and posts one file. */
  async send(random: Random): Promise<void> {
    const n = this.#files.length;
    const bytes = n % SAME_EVERY === 0 ? this.#same : random.bytes(1 + (random.uint31() % FILE_MAX_BYTES));
    const file = { caption: `file ${n}`, bytes, fileId: random.int64(), randomId: random.int63(), ackedId: undefined };
    this.#files.push(file);
    await this.#upload(file);
    await this.#post(file);
  }

  async #upload({ bytes, fileId: file_id }: SentFile): Promise<void> {
    const parts = Math.ceil(bytes.length / PART_BYTES);
    const saving = Array.from({ length: parts }, (_, part) =>
      this.#from.call<'upload.saveFilePart'>({ _: 'upload.saveFilePart', file_id, file_part: part, bytes: bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES) }),
    );
    await Promise.all(saving);
  }

  async #post(file: SentFile): Promise<void> {
    const { bytes, fileId: id, caption: message, randomId: random_id } = file;
    const input: tl.inputFile = { _: 'inputFile', id, parts: Math.ceil(bytes.length / PART_BYTES), name: 'a.bin', md5_checksum: '' };
    const media: tl.inputMediaUploadedDocument = { _: 'inputMediaUploadedDocument', file: input, mime_type: 'application/octet-stream', attributes: [] };
    const answer = await this.#from.call<'messages.sendMedia'>({ _: 'messages.sendMedia', peer: { ...this.#channel, _: 'inputPeerChannel' }, media, message, random_id });
    const named = answer._ === 'updates' ? answer.updates.find((update) => update._ === 'updateMessageID') : undefined;
    if (named === undefined) throw new Error(`sendMedia answers ${answer._}`);
    file.ackedId = named.id;
  }

  /** Does again what was not acknowledged: first the last call alone, as a client does; if that does not find the file, also the upload. */
  async repeatOpen(): Promise<void> {
    for (const file of this.#files) {
      if (file.ackedId !== undefined) continue;
      await this.#post(file).catch(async (error: unknown) => {
        if (!/FILE_PART_\d+_MISSING|FILE_PARTS_INVALID/.test(String(error))) throw error;
        await this.#upload(file);
        await this.#post(file);
      });
    }
  }

  /**
   * Checks the channel after a crash: acknowledged files are there once, others once or not at all, and each of the last ones can be loaded and is what was sent.
   * @throws with all violations
   */
  async check(): Promise<void> {
    const broken: string[] = [];
    const posts = await this.#readPosts();
    const first = this.#files.length - LOADED_MAX;
    for (const [at, { caption, bytes, ackedId }] of this.#files.entries()) {
      const found = posts.get(caption) ?? [];
      if (ackedId === undefined ? found.length > 1 : found.length !== 1 || found[0]!.id !== ackedId) broken.push(`"${caption}", acknowledged as ${ackedId}, has the ids [${found.map(({ id }) => id).join()}]`);
      for (const post of at < first ? [] : found) if (Buffer.compare(await this.#load(post), bytes) !== 0) broken.push(`"${caption}" is not what was sent`);
    }
    if (broken.length > 0) throw new Error(`${broken.length} promises about files are broken:\n${broken.slice(0, 20).join('\n')}`);
  }

  async #readPosts(): Promise<Map<string, tl.message[]>> {
    const posts = new Map<string, tl.message[]>();
    const peer: tl.inputPeerChannel = { ...this.#channel, _: 'inputPeerChannel' };
    for (let offset_id = 0; ; ) {
      const answer = await this.#from.call<'messages.getHistory'>({ _: 'messages.getHistory', peer, offset_id, offset_date: 0, add_offset: 0, limit: 100, max_id: 0, min_id: 0, hash: 0n });
      if (answer._ === 'messages.messagesNotModified') throw new Error('getHistory answers that nothing changed');
      for (const message of answer.messages) if (message._ === 'message') posts.set(message.message, [...(posts.get(message.message) ?? []), message]);
      const last = answer.messages.at(-1);
      if (last === undefined) return posts;
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
