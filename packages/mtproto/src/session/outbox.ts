import type { RandomBytes } from '@aerogram/crypto';
import { CONTAINER_HEAD, MAX_CONTAINER_BYTES, MAX_CONTAINER_MESSAGES, MESSAGE_HEAD } from './container.ts';
import { encodeAcks, writeContainer } from './encode-messages.ts';
import { type AuthKey, type OutgoingPacket, packMessage } from './envelope.ts';
import { OutgoingMessage, OutgoingQueue } from './outgoing.ts';
import type { KeySalts } from './salts.ts';
import { SentMessages } from './sent-messages.ts';
import type { ServerMessageIds } from './server-message-ids.ts';
import type { SessionLink } from './session-link.ts';
import type { UpdateWatch } from './update-watch.ts';

/** Limits of what a session keeps for its client. */
export interface SessionLimits {
  /** Updates that may wait for a client that reads slowly. */
  queuedUpdates: number;
  queuedBytes: number;
  /** The same while no connection is open. */
  detachedUpdates: number;
  detachedBytes: number;
  /** Messages sent but not acknowledged, which are kept to be sent again over another connection. */
  unacknowledged: number;
  unacknowledgedBytes: number;
  /** Answers that may wait for a client that sends calls but does not read. Further ones are dropped, like those never acknowledged. */
  queuedAnswers: number;
  queuedAnswerBytes: number;
}

export const DEFAULT_SESSION_LIMITS: SessionLimits = {
  queuedUpdates: 1000,
  queuedBytes: 1024 * 1024,
  detachedUpdates: 100,
  detachedBytes: 64 * 1024,
  unacknowledged: 512,
  unacknowledgedBytes: 2 * 1024 * 1024,
  queuedAnswers: 4096,
  queuedAnswerBytes: 32 * 1024 * 1024,
};

export interface OutboxOptions {
  key: AuthKey;
  sessionId: bigint;
  salts: KeySalts;
  msgIds: ServerMessageIds;
  random: RandomBytes;
  limits: SessionLimits;
  /** TL bytes of `updatesTooLong`, which a client gets when updates were dropped. */
  overflowNotice: Uint8Array;
  watch?: UpdateWatch;
}

/** Told what happens to answers. */
export interface AnswerKeeper {
  /** The client acknowledged an answer. */
  settle(requestId: bigint): void;
  /** An answer was dropped before the client acknowledged it. */
  lose(requestId: bigint): void;
}

/** A request answered within this time, in milliseconds, needs no `msgs_ack`, because the answer acknowledges it. */
const ACK_DELAY_MS = 400;
/** This many acknowledgements are sent without delay. */
const ACKS_WITHOUT_DELAY = 64;

const MAX_ACKS = 8192;
const NONE: readonly OutgoingMessage[] = [];

/** The sending side of a session: numbers, packs and encrypts messages, keeps them until they are acknowledged, and sends them again. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #answers: AnswerKeeper;
  readonly #queue = new OutgoingQueue();
  readonly #sent: SentMessages;
  /** Undefined while there is nothing to acknowledge. */
  #acks: Set<bigint> | undefined;
  /** The newest link last. Usually there is one. */
  #links: readonly SessionLink[] = [];
  #current: SessionLink | undefined;
  #contentCount = 0;
  #acksDueMs = 0;
  /** Updates were dropped: `updatesTooLong` follows when the queue has drained. */
  #overflow = false;
  /** Updates were dropped that the client may never have received. */
  #updatesLost = false;

  constructor(options: OutboxOptions, answers: AnswerKeeper) {
    this.#options = options;
    this.#answers = answers;
    this.#sent = new SentMessages(options.limits.unacknowledged, options.limits.unacknowledgedBytes);
  }

  /** The link for everything that is not meant for one particular link; undefined while the client is disconnected. */
  get current(): SessionLink | undefined {
    return this.#current;
  }

  get acksDueMs(): number {
    return this.#acks === undefined ? Infinity : this.#acksDueMs;
  }

  get waitingAnswerBytes(): number {
    return this.#queue.answerBytes;
  }

  /** The seq_no of a message that does not count, such as a refusal. */
  get idleSeqNo(): number {
    return this.#contentCount * 2;
  }

  /** Whether `takeOutgoing` would return something now. */
  hasOutgoing(link: SessionLink, nowMs: number): boolean {
    if (link.notices) return true;
    return link === this.#current && (!this.#queue.isEmpty || this.#acksAreDue(nowMs));
  }

  notice(link: SessionLink, body: Uint8Array): void {
    (link.notices ??= []).push(new OutgoingMessage('notice', body, 0n, { responds: true }));
  }

  /** @param nowMs needed for an answer that can be made again: while the client is away, it is not kept */
  send(message: OutgoingMessage, nowMs?: number): void {
    if (this.#current === undefined && message.request && nowMs !== undefined) return this.#giveUp(message, nowMs);
    const { limits } = this.#options;
    const isFull = this.#queue.answers >= limits.queuedAnswers || this.#queue.answerBytes >= limits.queuedAnswerBytes;
    if (message.kind !== 'answer' || !isFull) return this.#queue.push(message);
    message.queued = false;
    message.done = true;
    this.#answers.lose(message.requestId);
  }

  push(body: Uint8Array): 'queued' | 'dropped' {
    if (this.#overflow) return 'dropped';
    const { limits } = this.#options;
    const away = this.#current === undefined;
    const fits =
      this.#queue.updates < (away ? limits.detachedUpdates : limits.queuedUpdates) &&
      this.#queue.updateBytes + body.length <= (away ? limits.detachedBytes : limits.queuedBytes);
    if (fits) {
      const message = new OutgoingMessage('update', body);
      if (away) message.trim();
      this.#queue.push(message);
      return 'queued';
    }
    if (away) this.#queue.dropUpdates();
    this.#overflow = true;
    return 'dropped';
  }

  /** Records a client message that must be acknowledged. */
  owe(msgId: bigint, nowMs: number): void {
    if (this.#acks === undefined) this.#acksDueMs = nowMs + ACK_DELAY_MS;
    const acks = (this.#acks ??= new Set<bigint>());
    acks.add(msgId);
    if (acks.size >= ACKS_WITHOUT_DELAY) this.#acksDueMs = nowMs;
  }

  /** An answer acknowledges its request. */
  forgive(msgId: bigint): void {
    this.#acks?.delete(msgId);
    if (this.#acks?.size === 0) this.#acks = undefined;
  }

  /** When the oldest kept message was numbered, in Unix seconds; Infinity if there is none. */
  get oldestKeptS(): number {
    return this.#sent.oldestS;
  }

  /** The client has received this message. */
  acknowledge(msgId: bigint): void {
    const message = this.take(msgId);
    if (message?.kind === 'answer') this.#answers.settle(message.requestId);
    else if (message?.kind === 'update') this.#options.watch?.acknowledged(msgId);
  }

  /** Removes a message, whether it is queued or was sent. */
  take(msgId: bigint): OutgoingMessage | undefined {
    const message = this.#sent.take(msgId);
    if (message) message.done = true;
    return message;
  }

  /** Finds a kept message by its msg_id. */
  find(msgId: bigint): OutgoingMessage | undefined {
    return this.#sent.find(msgId);
  }

  /**
   * Sends kept messages again, before all others. A message that is named several times or already queued is sent once.
   * @returns the answers that would have to be made again
   */
  resend(messages: readonly OutgoingMessage[]): readonly OutgoingMessage[] {
    const resent = new Set<OutgoingMessage>();
    const gone = new Set<OutgoingMessage>();
    for (const message of messages) if (!message.queued && !message.done) (message.body ? resent : gone).add(message);
    if (resent.size > 0) this.#queue.unshift([...resent]);
    return gone.size === 0 ? NONE : [...gone];
  }

  /**
   * A message of the session arrived over this link, which from now on gets everything that is sent. When a link is used for the first
   * time, it also gets what was sent over other links and not acknowledged.
   * @returns the answers of which the client has to be told instead, because they would have to be made again
   */
  makeCurrent(link: SessionLink): readonly OutgoingMessage[] {
    if (link === this.#current) return NONE;
    this.#current = link;
    // Moved to the end: the newest link is the one to fall back to.
    this.#links = [...this.#links.filter((other) => other !== link), link];
    this.#endOverflow();
    if (link.used) return NONE;
    link.used = true;
    const gone = this.#moveTo(link, this.#sent.listToResend({ except: link }));
    this.#noticeLoss();
    return gone;
  }

  /** Removes a closed link; another open one takes over. @returns as `makeCurrent`, for the link that took over */
  closeLink(link: SessionLink, nowMs: number): readonly OutgoingMessage[] {
    this.#links = this.#links.filter((other) => other !== link);
    if (this.#current !== link) return NONE;
    this.#current = this.#links.at(-1);
    const lost = this.#sent.listToResend({ only: link });
    if (this.#current) {
      const gone = this.#moveTo(this.#current, lost);
      this.#noticeLoss();
      return gone;
    }
    // Answers that are gone keep the closed link, so the next link finds them.
    this.resend(lost);
    for (const answer of this.#queue.removeMadeAgain()) this.#giveUp(answer, nowMs);
    this.#queue.trim();
    return NONE;
  }

  /** Treats an answer that can be made again as sent and lost. */
  #giveUp(answer: OutgoingMessage, nowMs: number): void {
    answer.queued = false;
    this.#number(answer, undefined, nowMs);
    answer.written();
  }

  #moveTo(link: SessionLink, lost: readonly OutgoingMessage[]): readonly OutgoingMessage[] {
    const gone = this.resend(lost);
    // Each link is told once.
    for (const answer of gone) answer.link = link;
    return gone;
  }

  /** Returns a packet for a client that waits for one even though nothing is queued: acknowledgements, possibly an empty list. */
  takeIdle(link: SessionLink, nowMs: number): OutgoingPacket | undefined {
    if (this.#acks !== undefined) this.#acksDueMs = nowMs;
    if (!this.hasOutgoing(link, nowMs)) link.notices = [new OutgoingMessage('notice', encodeAcks([]))];
    return this.takeOutgoing(link, nowMs);
  }

  /**
   * Packs what is queued for a link into one packet, with due acknowledgements. A short packet is encrypted; a long one is left to be sealed
   * in another thread. Its numbers are final either way, so packets have to leave in the order in which they were taken.
   * @param maxBytes approximate maximum length; a single message always fits.
   * @returns undefined when nothing is queued.
   */
  takeOutgoing(link: SessionLink, nowMs: number, maxBytes = MAX_CONTAINER_BYTES): OutgoingPacket | undefined {
    // Callers loop until this returns undefined, so the last call of each loop ends here.
    if (!this.#overflow && !this.hasOutgoing(link, nowMs)) return undefined;
    const only = this.#takeOnly(link);
    if (only) return this.#packAlone(only, link, nowMs);
    const { batch, again } = this.#collect(link, nowMs, Math.min(maxBytes, MAX_CONTAINER_BYTES));
    const first = batch[0];
    if (!first) return undefined;
    // Repeated messages go in a container with a new msg_id, because their own may be too old for the client.
    if (batch.length === 1 && !again) return this.#packAlone(first, link, nowMs);
    for (const message of batch) this.#numberSent(message, link, nowMs);
    const { key, sessionId, salts, random, msgIds } = this.#options;
    const salt = salts.current(nowMs);
    const responds = batch.some((message) => message.responds);
    const msgId = msgIds.next(nowMs, responds ? 'answer' : 'notification');
    let bodyLength = CONTAINER_HEAD;
    for (const message of batch) bodyLength += MESSAGE_HEAD + message.wireLength;
    const packet = packMessage(key, { salt, sessionId, msgId, seqNo: this.idleSeqNo, bodyLength, body: { writeTo: (target, at) => writeContainer(batch, target, at) } }, random);
    for (const message of batch) message.written();
    return packet;
  }

  /** Takes the next message if it is the only thing that goes to the link, which is nearly always so. */
  #takeOnly(link: SessionLink): OutgoingMessage | undefined {
    if (link !== this.#current || link.notices !== undefined || this.#acks !== undefined || this.#overflow || this.#queue.length !== 1) return undefined;
    const message = this.#queue.peek();
    if (message === undefined || message.msgId !== 0n) return undefined;
    return this.#queue.shift();
  }

  /** Packs a message that is sent for the first time, without a container around it. */
  #packAlone(message: OutgoingMessage, link: SessionLink, nowMs: number): OutgoingPacket {
    const { key, sessionId, salts, random } = this.#options;
    this.#numberSent(message, link, nowMs);
    const packet = packMessage(key, { salt: salts.current(nowMs), sessionId, msgId: message.msgId, seqNo: message.seqNo, bodyLength: message.wireLength, body: message }, random);
    message.written();
    return packet;
  }

  #collect(link: SessionLink, nowMs: number, maxBytes: number): { batch: OutgoingMessage[]; again: boolean } {
    const batch: OutgoingMessage[] = [];
    let bytes = CONTAINER_HEAD;
    let again = false;
    const fits = (message: OutgoingMessage): boolean => {
      if (batch.length === MAX_CONTAINER_MESSAGES) return false;
      bytes += MESSAGE_HEAD + message.wireLength;
      return bytes <= maxBytes || batch.length === 0;
    };
    const mine = link === this.#current;
    const somethingGoes = link.notices !== undefined || !this.#queue.isEmpty;
    if (mine && this.#acks !== undefined && (somethingGoes || this.#acksAreDue(nowMs))) {
      const acks = this.#takeAcks();
      if (fits(acks)) batch.push(acks);
    }
    const notices = link.notices ?? [];
    let taken = 0;
    while (taken < notices.length && fits(notices[taken]!)) batch.push(notices[taken++]!);
    link.notices = taken === notices.length ? undefined : notices.slice(taken);
    if (!mine || link.notices) return { batch, again };
    for (let message = this.#queue.peek(); message && fits(message); message = this.#queue.peek()) {
      this.#queue.shift();
      if (message.msgId !== 0n) again = true;
      batch.push(message);
    }
    this.#endOverflow();
    return { batch, again };
  }

  #takeAcks(): OutgoingMessage {
    const msgIds: bigint[] = [];
    const acks = this.#acks ?? new Set<bigint>();
    for (const msgId of acks) {
      if (msgIds.length === MAX_ACKS) break;
      msgIds.push(msgId);
      acks.delete(msgId);
    }
    this.#acks = acks.size === 0 ? undefined : acks;
    return new OutgoingMessage('notice', encodeAcks(msgIds));
  }

  #acksAreDue(nowMs: number): boolean {
    return this.#acks !== undefined && nowMs >= this.#acksDueMs;
  }

  /** Numbers a message that goes into a packet now, and tells the watch of updates. */
  #numberSent(message: OutgoingMessage, link: SessionLink, nowMs: number): void {
    const isAgain = message.msgId !== 0n;
    this.#number(message, link, nowMs);
    if (message.kind === 'update') this.#options.watch?.sent(message.msgId, isAgain);
  }

  /** Assigns a message its numbers, once, and keeps it if it must be acknowledged. */
  #number(message: OutgoingMessage, link: SessionLink | undefined, nowMs: number): void {
    message.link = link;
    if (message.msgId !== 0n) return;
    message.msgId = this.#options.msgIds.next(nowMs, message.responds ? 'answer' : 'notification');
    if (message.kind === 'notice') {
      message.seqNo = this.idleSeqNo;
      return;
    }
    message.seqNo = this.#contentCount * 2 + 1;
    this.#contentCount += 1;
    for (const evicted of this.#sent.add(message)) {
      evicted.done = true;
      if (evicted.kind === 'answer') this.#answers.lose(evicted.requestId);
      else if (evicted.kind === 'update') this.#updatesLost = true;
    }
  }

  /** Tells the client to fetch the difference if updates were dropped, after everything that was queued before them. */
  #endOverflow(): void {
    if (!this.#overflow || this.#queue.updates > 0) return;
    this.#overflow = false;
    this.#tellToFetch();
  }

  #noticeLoss(): void {
    if (!this.#updatesLost) return;
    this.#updatesLost = false;
    this.#tellToFetch();
  }

  #tellToFetch(): void {
    this.#options.watch?.toldToFetch();
    this.#queue.push(new OutgoingMessage('update', this.#options.overflowNotice));
  }
}
