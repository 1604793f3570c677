import type { tl } from '@mtcute/core';
import Long from 'long';
import type { OutgoingMessage, PeerId } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import type { MessageRow } from '../models/message.ts';
import { writeEntities } from '../models/text.ts';
import { refusalOf } from '../refusal.ts';
import { resultOf } from './result.ts';

/** Errors after which a message waits and is sent again without being asked. */
const PASSING = new Set(['INTERNAL', 'TIMEOUT', 'RPC_CALL_FAIL']);
/** How long to wait after such an error, in seconds. */
const RETRY_S = 3;

/**
 * Sends messages, one after the other in each chat. A message is stored before it is sent, and sent with the same random id until the server has
 * answered: so it is neither lost nor doubled, whatever ends in between.
 */
export class Outbox {
  readonly #account: Account;
  #running = new Set<PeerId>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** Goes on with what was left from before. */
  resume(): void {
    for (const peer of new Set(this.#account.store.allOutgoing().map((row) => row.peer))) this.#run(peer);
  }

  async send(message: OutgoingMessage): Promise<void> {
    const { store, database, me } = this.#account;
    const randomId = randomLong();
    const key = randomId.toString();
    const isPost = store.peers.get(message.peer)?.kind === 'channel';
    store.putOutgoing({
      key,
      randomId: key,
      id: 0,
      peer: message.peer,
      from: isPost ? message.peer : me,
      date: this.#account.context.now(),
      isOut: true,
      isPost,
      text: message.text,
      entities: message.entities.length === 0 ? undefined : message.entities,
      replyTo: message.replyTo === undefined ? undefined : { id: message.replyTo, quote: message.quote },
      isSilent: message.isSilent,
      state: 'sending',
    });
    await database.flush();
    this.#run(message.peer);
  }

  retry(peer: PeerId, key: string): void {
    const row = this.#find(peer, key);
    if (row?.state !== 'failed') return;
    this.#account.store.putOutgoing({ ...row, state: 'sending', failure: undefined });
    this.#run(peer);
  }

  discard(peer: PeerId, key: string): void {
    if (this.#find(peer, key)?.state === 'failed') this.#account.store.removeOutgoing(peer, key);
  }

  #find(peer: PeerId, key: string): MessageRow | undefined {
    return this.#account.store.outgoing(peer).find((row) => row.key === key);
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
      await this.#sendOne(row);
    }
  }

  async #sendOne(row: MessageRow): Promise<void> {
    const { store, database } = this.#account;
    try {
      const updates = await this.#account.call(await this.#request(row));
      // From now on the message is the server's: only its arrival is awaited.
      const { id, result } = resultOf(updates, row, this.#account.me);
      store.putOutgoing({ ...row, id });
      await store.expectSent(row.peer, id, row.key);
      this.#account.client.handleClientUpdate(result, false);
    } catch (error) {
      const { code, seconds } = refusalOf(error);
      if (code === 'RANDOM_ID_DUPLICATE') store.removeOutgoing(row.peer, row.key);
      else if (code === 'FLOOD_WAIT' || PASSING.has(code)) await this.#wait(row, seconds ?? RETRY_S, code);
      else store.putOutgoing({ ...row, state: 'failed', failure: { reason: code } });
    }
    await database.flush();
  }

  /** Shows until when the message waits, and waits. */
  async #wait(row: MessageRow, seconds: number, reason: string): Promise<void> {
    this.#account.store.putOutgoing({ ...row, failure: { reason, retryAt: this.#account.context.now() + seconds } });
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    const waiting = this.#find(row.peer, row.key);
    if (waiting) this.#account.store.putOutgoing({ ...waiting, failure: undefined });
  }

  async #request(row: MessageRow): Promise<tl.messages.RawSendMessageRequest> {
    const people = new Map<number, tl.TypeInputUser>();
    for (const { user } of row.entities ?? []) {
      const input = user === undefined ? undefined : await this.#account.inputPeer(user).catch(() => undefined);
      if (input?._ === 'inputPeerUser') people.set(user!, { _: 'inputUser', userId: input.userId, accessHash: input.accessHash });
    }
    const entities = writeEntities(row.entities ?? [], (user) => people.get(user));
    return {
      _: 'messages.sendMessage',
      peer: await this.#account.inputPeer(row.peer),
      message: row.text,
      randomId: Long.fromString(row.randomId!),
      entities: entities.length === 0 ? undefined : entities,
      replyTo: row.replyTo && { _: 'inputReplyToMessage', replyToMsgId: row.replyTo.id, quoteText: row.replyTo.quote?.text },
      silent: row.isSilent,
      clearDraft: true,
    };
  }
}

/** A random number other than 0. */
function randomLong(): Long {
  const [low, high] = crypto.getRandomValues(new Int32Array(2));
  return low === 0 && high === 0 ? randomLong() : new Long(low!, high!);
}
