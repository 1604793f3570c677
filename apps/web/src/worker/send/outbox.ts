import type { tl } from '@mtcute/core';
import Long from 'long';
import { GENERAL_TOPIC, type LocalFile, type MessageId, type OutgoingMessage, type PeerId, topicOf } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import type { MessageRow } from '../models/message.ts';
import { Refused, refusalOf } from '../refusal.ts';
import { Drafts } from './drafts.ts';
import { inputEntities, inputReply } from './input-entities.ts';
import { inputOf, knownMedia } from './known-media.ts';
import { randomLong } from './random-long.ts';
import { resultsOf } from './result.ts';
import { keepUnsentFile } from '../store/unsent-files.ts';
import { storeMedia, uploadMedia } from './upload.ts';

type SendRequest = tl.messages.RawSendMessageRequest | tl.messages.RawSendMediaRequest | tl.messages.RawSendMultiMediaRequest;

/** Errors after which a message waits and is sent again without being asked. */
const PASSING = new Set(['INTERNAL', 'TIMEOUT', 'RPC_CALL_FAIL']);
/** How long to wait after such an error, in seconds. */
const RETRY_S = 3;

/**
 * Sends messages, one after the other in each chat. A message is stored before it is sent, and sent with the same random id until the server has
 * answered: so it is neither lost nor doubled, whatever ends in between. Long files are in memory only: if such a file was not uploaded when the worker
 * ended, its message fails, and the person is asked for the file again.
 */
export class Outbox {
  readonly #account: Account;
  readonly drafts: Drafts;
  #running = new Set<PeerId>();
  /** Files on their way, by the key of the message, and what the server made of those that have arrived. */
  #files = new Map<string, { file: LocalFile; abort: AbortController; media?: tl.TypeInputMedia }>();

  constructor(account: Account) {
    this.#account = account;
    this.drafts = new Drafts(account);
  }

  /** Goes on with what was left from before. */
  resume(): void {
    for (const peer of new Set(this.#account.store.allOutgoing().map((row) => row.peer))) this.#run(peer);
  }

  async send(message: OutgoingMessage): Promise<void> {
    const { store, database } = this.#account;
    const files = message.files ?? [];
    const album = files.length > 1 ? randomLong().toString() : undefined;
    if (files.length === 0) store.putOutgoing(this.#rowOf(message));
    const rows = files.map((file, index) => {
      // The caption of an album is that of its first file.
      const row = { ...this.#rowOf(index === 0 ? message : { ...message, text: '', entities: [] }), album, local: file, progress: 0 };
      this.#files.set(row.key, { file, abort: new AbortController() });
      store.putOutgoing(row);
      return row;
    });
    const place = files.length === 0 && this.draftPlaceOf(message.peer, message.thread);
    if (place) this.drafts.noteText(message.peer, place.topic);
    await Promise.all(rows.map((row, index) => keepUnsentFile(database, row.key, files[index]!)));
    await database.flush();
    this.#run(message.peer);
  }

  /** Sends media of which nothing needs to be uploaded: what the server has already, such as a sticker, or a poll. */
  async sendStored(message: OutgoingMessage, media: Pick<MessageRow, 'media' | 'locations' | 'uploaded'>): Promise<void> {
    this.#account.store.putOutgoing({ ...this.#rowOf(message), ...media });
    await this.#account.database.flush();
    this.#run(message.peer);
  }

  #rowOf({ peer, text, entities, replyTo, replyIn, quote, thread, isSilent, effect }: OutgoingMessage): MessageRow {
    const { store, me } = this.#account;
    const key = randomLong().toString();
    const isPost = store.peers.get(peer)?.kind === 'channel';
    return {
      key,
      randomId: key,
      id: 0,
      peer,
      from: isPost ? peer : me,
      date: this.#account.context.now(),
      isOut: true,
      isPost,
      text,
      entities: entities.length === 0 ? undefined : entities,
      ...this.#placeOf({ peer, replyTo, replyIn, quote, thread }),
      writtenIn: thread,
      isSilent,
      effect,
      state: 'sending',
    };
  }

  /** Where the draft belongs of what is written in a chat, thread or topic. @returns undefined for threads, whose drafts are kept on this device only */
  draftPlaceOf(peer: PeerId, writtenIn: MessageId | undefined): { topic?: MessageId } | undefined {
    if (writtenIn === undefined) return {};
    if (!this.#account.store.peers.get(peer)?.isForum) return undefined;
    return writtenIn === GENERAL_TOPIC ? {} : { topic: writtenIn };
  }

  /** What a message answers, and in which thread or topic it is written: what replies to a message of one is written there. */
  #placeOf({ peer, replyTo, replyIn, quote, thread }: Pick<OutgoingMessage, 'peer' | 'replyTo' | 'replyIn' | 'quote' | 'thread'>): Pick<MessageRow, 'replyTo' | 'thread' | 'topic'> {
    const { store } = this.#account;
    const answered = replyTo === undefined ? undefined : store.message(replyIn ?? peer, replyTo);
    const reply = replyTo === undefined ? undefined : { id: replyTo, peer: replyIn, quote };
    if (!store.peers.get(peer)?.isForum) return { replyTo: reply ?? (thread === undefined ? undefined : { id: thread }), thread: thread ?? answered?.thread };
    const topic = thread ?? (answered && topicOf(answered));
    return { replyTo: reply, topic: topic === GENERAL_TOPIC ? undefined : topic };
  }

  retry(peer: PeerId, key: string): void {
    for (const row of this.#groupOf(peer, key)) if (row.state === 'failed') this.#account.store.putOutgoing({ ...row, state: 'sending', failure: undefined });
    this.#run(peer);
  }

  /** Sends a message whose file was lost by a reload. @param file the one that the person has chosen again */
  async replaceFile(peer: PeerId, key: string, file: LocalFile): Promise<void> {
    const { store, database } = this.#account;
    const row = store.outgoing(peer).find((each) => each.key === key);
    if (row?.state !== 'failed' || !row.local) return;
    this.#files.set(key, { file, abort: new AbortController() });
    store.putOutgoing({ ...row, local: file });
    await keepUnsentFile(database, key, file);
    // Other files of the same album may be missing too. The album is sent when the last one was chosen.
    if (this.#groupOf(peer, key).every((each) => each.uploaded || each.local?.file.size !== 0)) this.retry(peer, key);
    await database.flush();
  }

  /** Gives up a message that was not sent, that waits, or whose files are still on their way. */
  async discard(peer: PeerId, key: string): Promise<void> {
    for (const row of this.#groupOf(peer, key)) {
      if (row.state !== 'failed' && row.failure === undefined && row.progress === undefined) continue;
      this.#files.get(row.key)?.abort.abort();
      this.#files.delete(row.key);
      this.#account.store.removeOutgoing(peer, row.key);
    }
    await this.#account.database.flush();
  }

  /** A message of the outbox, or all of its album. */
  #groupOf(peer: PeerId, key: string): MessageRow[] {
    const rows = this.#account.store.outgoing(peer);
    const found = rows.find((row) => row.key === key);
    if (!found) return [];
    return found.album === undefined ? [found] : rows.filter(({ album }) => album === found.album);
  }

  #run(peer: PeerId): void {
    if (this.#running.has(peer)) return;
    this.#running.add(peer);
    void this.#sendAll(peer).finally(() => this.#running.delete(peer));
  }

  async #sendAll(peer: PeerId): Promise<void> {
    for (;;) {
      const row = this.#account.store.outgoing(peer).find(({ state, id }) => state === 'sending' && id === 0);
      if (!row) return;
      await this.#sendGroup(this.#groupOf(peer, row.key));
    }
  }

  /** Sends one message, or one album. */
  async #sendGroup(rows: MessageRow[]): Promise<void> {
    const { store, database, me } = this.#account;
    try {
      await Promise.all(rows.map(async (row) => await this.#upload(row)));
      // The person sees how long the server lets a message wait.
      const updates = await this.#call(await this.#request(rows), rows[0]!);
      // From now on the messages are the server's: only their arrival is awaited.
      const { ids, result } = resultsOf(updates, rows, me);
      for (const [index, row] of rows.entries()) {
        this.#files.delete(row.key);
        this.#change(row, { id: ids[index]!, progress: undefined });
        await store.expectSent(row.peer, ids[index]!, row.key);
      }
      this.#account.take(result);
    } catch (error) {
      await this.#settleFailure(rows, error);
    }
    await database.flush();
  }

  async #call(request: SendRequest, { peer, topic, writtenIn }: MessageRow): Promise<tl.TypeUpdates> {
    const place = this.draftPlaceOf(peer, writtenIn);
    if (request._ !== 'messages.sendMessage' || !place) return await this.#account.call(request, 0);
    // The server deletes the draft with the text that was one, if both are of one topic.
    const isSamePlace = place.topic === topic;
    const clears = (): boolean => !this.drafts.isNewer(peer, place.topic);
    const answer = await this.drafts.inTurn(peer, () => this.#account.call({ ...request, clearDraft: isSamePlace && clears() }, 0), place.topic);
    if (!isSamePlace && clears()) void this.drafts.save(peer, { text: '', entities: [] }, place.topic).catch(() => undefined);
    return answer;
  }

  async #settleFailure(rows: MessageRow[], error: unknown): Promise<void> {
    const { store } = this.#account;
    const { code, seconds } = refusalOf(error);
    const left = rows.filter(({ peer, key }) => store.outgoing(peer).some((row) => row.key === key));
    if (left.length === 0) return;
    if (code === 'RANDOM_ID_DUPLICATE') for (const { peer, key } of left) store.removeOutgoing(peer, key);
    else if ((code.endsWith('_WAIT') && seconds !== undefined) || PASSING.has(code)) await this.#wait(left, seconds ?? RETRY_S, code);
    else for (const row of left) this.#change(row, { state: 'failed', failure: { reason: code }, progress: undefined });
  }

  /** Shows until when messages wait, and waits. */
  async #wait(rows: MessageRow[], seconds: number, reason: string): Promise<void> {
    const retryAt = this.#account.context.now() + seconds;
    for (const row of rows) this.#change(row, { failure: { reason, retryAt } });
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    for (const row of rows) this.#change(row, { failure: undefined });
  }

  /** Changes a message, unless it was given up. */
  #change({ peer, key }: Pick<MessageRow, 'peer' | 'key'>, change: Partial<MessageRow>): void {
    const { store } = this.#account;
    const row = store.outgoing(peer).find((each) => each.key === key);
    if (row) store.putOutgoing({ ...row, ...change });
  }

  /** Uploads the file of a message, unless that was done before. */
  async #upload(row: MessageRow): Promise<void> {
    if (!row.local || row.uploaded) return;
    const sent = this.#files.get(row.key) ?? this.#takeKept(row.key, row.local);
    let shown = 0;
    sent.media ??= await uploadMedia(
      this.#account,
      sent.file,
      (part) => {
        if (part - shown < 0.02 && part < 1) return;
        shown = part;
        this.#change(row, { progress: part });
      },
      sent.abort.signal,
    );
    // From now on the message can be sent after a reload as well.
    this.#change(row, { uploaded: sent.media });
  }

  /** Goes on with a file that was kept before the worker ended. */
  #takeKept(key: string, file: LocalFile): { file: LocalFile; abort: AbortController; media?: tl.TypeInputMedia } {
    if (file.file.size === 0) throw new Refused({ code: 'FILE_LOST' });
    const taken = { file, abort: new AbortController() };
    this.#files.set(key, taken);
    return taken;
  }

  async #request(rows: MessageRow[]): Promise<SendRequest> {
    const [first] = rows as [MessageRow];
    const peer = await this.#account.inputPeer(first.peer);
    const common = {
      peer,
      replyTo: await inputReply(this.#account, { replyTo: first.replyTo?.id, replyIn: first.replyTo?.peer, quote: first.replyTo?.quote, thread: first.thread ?? first.topic }),
      silent: first.isSilent,
      effect: first.effect === undefined ? undefined : Long.fromString(first.effect),
    };
    const text = { message: first.text, entities: await inputEntities(this.#account, first.entities), randomId: Long.fromString(first.randomId!) };
    const media = rows.map((row) => this.#files.get(row.key)?.media ?? knownMedia(row));
    if (media[0] === undefined) return { _: 'messages.sendMessage', ...common, ...text };
    if (rows.length === 1) return { _: 'messages.sendMedia', ...common, ...text, media: media[0] };
    const multiMedia = await Promise.all(
      rows.map(async (row, index): Promise<tl.RawInputSingleMedia> => {
        const stored = await this.#store(row, media[index]!);
        return { _: 'inputSingleMedia', media: stored, randomId: Long.fromString(row.randomId!), message: row.text, entities: index === 0 ? text.entities : undefined };
      }),
    );
    return { _: 'messages.sendMultiMedia', ...common, multiMedia };
  }

  /** Makes a photo or document of an uploaded file before it goes into an album. */
  async #store(row: MessageRow, media: tl.TypeInputMedia): Promise<tl.TypeInputMedia> {
    if (media._ !== 'inputMediaUploadedPhoto' && media._ !== 'inputMediaUploadedDocument') return media;
    const input = inputOf(await storeMedia(this.#account, row.peer, media));
    const sent = this.#files.get(row.key);
    if (sent) sent.media = input;
    this.#change(row, { uploaded: input });
    return input;
  }
}
