import { createHash } from 'node:crypto';
import type { RawAccount } from '@aerogram/dev-env/load';
import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { channelsIn } from './channel-input.ts';
import { readHistory } from './chat-history.ts';
import { loadAt } from './load-at.ts';
import { inputFileOf, repeatWithUpload, type Upload, uploadParts } from './upload.ts';

/** A file that is sent during the load. */
interface SentFile extends Upload {
  caption: string;
  hash: string;
  randomId: bigint;
  /** The id of the message, once the server has acknowledged it. */
  ackedId: number | undefined;
  /** Whether the deletion of the message was asked for, or acknowledged. */
  deletion: 'asked' | 'acknowledged' | undefined;
}

const FILE_MAX_BYTES = 200_000;
/** Length of files that are not sent: three parts. */
const ABANDONED_BYTES = 64 * 1024 + 1;
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
    await uploadParts(this.#from, file);
    await this.#send(file);
  }

  /** Uploads a file that is never sent: in turn, all of its parts but the last one; all parts; and all parts of which a document is made. */
  async abandon(random: Random): Promise<void> {
    const way = random.uint31() % 3;
    const file = { bytes: random.bytes(ABANDONED_BYTES), fileId: random.int64() };
    await uploadParts(this.#from, file, way === 0 ? 1 : 0);
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
      await repeatWithUpload(() => this.#send(file), () => uploadParts(this.#from, file));
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
    for (const message of await readHistory(this.#from, this.#peer)) {
      if (message._ === 'message') found.set(message.message, [...(found.get(message.message) ?? []), message]);
    }
    return found;
  }

  async #load({ media }: tl.message): Promise<Uint8Array> {
    if (media?._ !== 'messageMediaDocument' || media.document?._ !== 'document') throw new Error('a message has lost its file');
    const { id, access_hash, file_reference } = media.document;
    return loadAt(this.#from, { _: 'inputDocumentFileLocation', id, access_hash, file_reference, thumb_size: '' });
  }
}

function mediaOf(file: Upload): tl.inputMediaUploadedDocument {
  return { _: 'inputMediaUploadedDocument', file: inputFileOf(file, 'a.bin'), mime_type: 'application/octet-stream', attributes: [] };
}

function channelOf(peer: tl.InputPeer): tl.inputChannel | undefined {
  return peer._ === 'inputPeerChannel' ? { ...peer, _: 'inputChannel' } : undefined;
}
