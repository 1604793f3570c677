import { callPatiently, type RawAccount } from '@aerogram/dev-env/load';
import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { makeBytes, type MediaKind, MEDIA_KINDS, mediaOf } from './media-kinds.ts';
import { repeatWithUpload, type Upload, uploadParts } from './upload.ts';

/** A message with a file: all of what is sent at once, or one of an album. */
export interface SentPiece extends Upload {
  caption: string;
  /** Number of the picture. */
  n: number;
  randomId: bigint;
  /** The sender's message id, once the server has acknowledged it. */
  ackedId: number | undefined;
  /** The receiver's message id, once an update has told it. */
  receivedId: number | undefined;
}

/** What one call sends during the load. */
export interface SentMedium {
  kind: MediaKind;
  pieces: SentPiece[];
  /** Whether the receiver has asked to open what can be viewed once, or was answered. */
  opening: 'asked' | 'acknowledged' | undefined;
  /** Whether the deletion for both was asked for, or acknowledged. */
  deletion: 'asked' | 'acknowledged' | undefined;
}

const ALBUM_MAX = 4;
/** The newest ones are not deleted, so that there is always something to load. */
const KEPT = 15;

/** Options of {@link SentMedia}. */
export interface SentMediaOptions {
  from: RawAccount;
  /** Who gets everything; the sender itself for Saved Messages. */
  to: RawAccount;
  kinds?: readonly MediaKind[];
  /** Sides of the pictures. */
  size?: readonly [number, number];
}

/** A private chat in which one account sends photos, albums, voice messages and videos without end, and the other one opens what can be viewed once. */
export class SentMedia {
  readonly from: RawAccount;
  readonly to: RawAccount;
  readonly media: SentMedium[] = [];
  readonly #options: SentMediaOptions;

  constructor(options: SentMediaOptions) {
    this.#options = options;
    this.from = options.from;
    this.to = options.to;
    this.to.onUpdates = (updates) => this.#noteReceived(updates);
  }

  get peer(): tl.InputPeer {
    return this.from.inputPeer(this.to);
  }

  /** How many messages were sent. */
  get count(): number {
    return this.media.reduce((sum, { pieces }) => sum + pieces.length, 0);
  }

  /** Draws the next medium, which is then to be sent. */
  async draw(random: Random): Promise<SentMedium> {
    const at = this.media.length;
    const { kinds = MEDIA_KINDS, size } = this.#options;
    const kind = kinds[at % kinds.length]!;
    const medium: SentMedium = { kind, pieces: [], opening: undefined, deletion: undefined };
    this.media.push(medium);
    const count = kind === 'album' ? 2 + (random.uint31() % (ALBUM_MAX - 1)) : 1;
    const drawn = Array.from({ length: count }, async (_, place) => {
      const n = at * ALBUM_MAX + place;
      return { caption: `${kind} ${at}.${place}`, n, bytes: await makeBytes(kind, n, random, size), fileId: random.int64(), randomId: random.int63(), ackedId: undefined, receivedId: undefined };
    });
    medium.pieces = await Promise.all(drawn);
    return medium;
  }

  /** Uploads and sends a medium. */
  async send(medium: SentMedium): Promise<void> {
    for (const piece of medium.pieces) await uploadParts(this.from, piece);
    await this.#send(medium);
  }

  /** Uploads a picture that is never sent: its first part, all of it, or all of it and a photo is made. */
  async abandon(random: Random): Promise<void> {
    const n = random.uint31();
    const [way, upload] = [n % 3, { bytes: await makeBytes('photo', n, random), fileId: random.int64() }];
    await uploadParts(this.from, upload, way === 0 ? 1 : 0);
    if (way === 2) await callPatiently<'messages.uploadMedia'>(this.from, { _: 'messages.uploadMedia', peer: this.peer, media: mediaOf('photo', upload) });
  }

  /** The receiver opens something that can be viewed once. */
  async open(): Promise<void> {
    const medium = this.media.find(({ kind, opening, deletion, pieces }) => kind === 'once' && opening !== 'acknowledged' && deletion === undefined && pieces[0]?.receivedId !== undefined);
    if (medium === undefined) return;
    medium.opening = 'asked';
    await callPatiently<'messages.readMessageContents'>(this.to, { _: 'messages.readMessageContents', id: [medium.pieces[0]!.receivedId!] });
    medium.opening = 'acknowledged';
  }

  /** Deletes something older for both. */
  async delete(random: Random): Promise<void> {
    const old = this.media.slice(0, -KEPT).filter(({ pieces, deletion }) => deletion !== 'acknowledged' && pieces.every(({ ackedId }) => ackedId !== undefined));
    const medium = old[random.uint31() % Math.max(old.length, 1)];
    if (medium === undefined) return;
    medium.deletion = 'asked';
    await callPatiently<'messages.deleteMessages'>(this.from, { _: 'messages.deleteMessages', revoke: true, id: medium.pieces.map(({ ackedId }) => ackedId!) });
    medium.deletion = 'acknowledged';
  }

  /** Sends again what was not acknowledged, with the same random ids; first without a new upload, as a client does. All at once. */
  async repeatOpen(): Promise<void> {
    const open = this.media.filter(({ pieces }) => pieces.some(({ ackedId }) => ackedId === undefined));
    await Promise.all(
      open.map((medium) =>
        repeatWithUpload(
          () => this.#send(medium),
          async () => {
            for (const piece of medium.pieces) await uploadParts(this.from, piece);
          },
        ),
      ),
    );
  }

  async #send({ kind, pieces }: SentMedium): Promise<void> {
    const [first] = pieces;
    if (first === undefined) return;
    const peer = this.peer;
    const answer =
      kind === 'album'
        ? await callPatiently<'messages.sendMultiMedia'>(this.from, { _: 'messages.sendMultiMedia', peer, multi_media: await this.#uploadAlbum(pieces) })
        : await callPatiently<'messages.sendMedia'>(this.from, { _: 'messages.sendMedia', peer, media: mediaOf(kind, first), message: first.caption, random_id: first.randomId });
    const named = new Map((answer._ === 'updates' ? answer.updates : []).flatMap((update) => (update._ === 'updateMessageID' ? [[update.random_id, update.id] as const] : [])));
    for (const piece of pieces) {
      const id = named.get(piece.randomId);
      if (id === undefined) throw new Error(`the answer to "${piece.caption}" does not name it`);
      piece.ackedId = id;
    }
  }

  async #uploadAlbum(pieces: readonly SentPiece[]): Promise<tl.inputSingleMedia[]> {
    const singles = pieces.map(async (piece): Promise<tl.inputSingleMedia> => {
      const media = await callPatiently<'messages.uploadMedia'>(this.from, { _: 'messages.uploadMedia', peer: this.peer, media: mediaOf('album', piece) });
      if (media._ !== 'messageMediaPhoto' || media.photo?._ !== 'photo') throw new Error(`uploadMedia answers ${media._}`);
      const { id, access_hash, file_reference } = media.photo;
      return { _: 'inputSingleMedia', media: { _: 'inputMediaPhoto', id: { _: 'inputPhoto', id, access_hash, file_reference } }, random_id: piece.randomId, message: piece.caption };
    });
    return Promise.all(singles);
  }

  /** Notes what arrives at the receiver and can be viewed once. */
  #noteReceived(updates: tl.Updates): void {
    for (const update of updates._ === 'updates' ? updates.updates : []) {
      if (update._ !== 'updateNewMessage' || update.message._ !== 'message' || update.message.out === true) continue;
      const { id, message: caption } = update.message;
      for (const { kind, pieces } of this.media) if (kind === 'once' && pieces[0]?.caption === caption) pieces[0].receivedId = id;
    }
  }
}
