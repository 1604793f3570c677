import { isServiceId, mtDecode, mtEncode } from '@aerogram/tl';
import { AwaitedMessages } from './awaited-messages.ts';
import { constructorOf, GZIP_PACKED, MSG_CONTAINER, MSG_RESEND_REQ, MSGS_ACK, MSGS_ALL_INFO, MSGS_STATE_REQ, PING, PONG } from './constructors.ts';
import { readContainer } from './container.ts';
import type { DecryptedMessage, OutgoingPacket } from './envelope.ts';
import { packBody, unpackBody } from './gzip.ts';
import { badMessage, type BadMessageCode, msgIdError } from './message-checks.ts';
import { isMissingState, isReceivedState, messageState, messageStates } from './message-states.ts';
import { Outbox, type OutboxOptions } from './outbox.ts';
import { OutgoingMessage } from './outgoing.ts';
import { allowsIds, beginReading, type Reading, type Receipt } from './reading.ts';
import { ReceivedWindow } from './received-window.ts';
import { idsOfContent, type RefusedMessages } from './refused-messages.ts';
import { RequestLog } from './request-log.ts';
import type { SessionLink } from './session-link.ts';

export interface ServerSessionOptions extends OutboxOptions {
  /** Message ids up to this one may have been received by an earlier session with the same session_id; they are refused as too old. */
  receivedFloor?: bigint;
  /** Messages under the key that were refused, whether by a session or before there was one. */
  refused?: RefusedMessages;
  /**
   * Whether a constructor id (signed) is known: long packed content that starts with an unknown one is not unpacked. Without this,
   * everything is unpacked.
   */
  knows?: (constructor: number) => boolean;
}

/** A longer answer is announced by `msg_detailed_info` instead of being sent a second time. */
const RESEND_WHOLE_BYTES = 4096;
/** Constructor and `ping_id`. */
const PING_BYTES = 12;

/** Service messages whose cost depends on the msg_ids they name, in a vector right after the constructor. */
const NAMING_IDS: ReadonlySet<number> = new Set([MSGS_ACK, MSGS_STATE_REQ, MSG_RESEND_REQ, MSGS_ALL_INFO]);
/**
 * The server side of one MTProto session: packets in, events and packets out, no I/O. A packet comes here after its msg_key, salt and the
 * time of its msg_id were found valid (`decryptMessage`, `refuseMessage`).
 * @see https://core.telegram.org/mtproto/description
 * @see https://core.telegram.org/mtproto/service_messages
 * @see https://core.telegram.org/mtproto/service_messages_about_messages
 */
export class ServerSession {
  readonly #options: ServerSessionOptions;
  readonly #window: ReceivedWindow;
  readonly #requests = new RequestLog();
  readonly #outbox: Outbox;
  /** For calls that wait for other calls of the session. */
  readonly awaited: AwaitedMessages;
  #announced = false;

  constructor(options: ServerSessionOptions) {
    this.#options = options;
    this.#window = new ReceivedWindow(options.receivedFloor);
    this.#outbox = new Outbox(options, this.#requests);
    this.awaited = new AwaitedMessages(this.#window, this.#requests, options.refused);
  }

  get sessionId(): bigint {
    return this.#options.sessionId;
  }

  /** Number of unanswered requests. */
  get running(): number {
    return this.#requests.running;
  }

  /** The highest msg_id received; a later session with this session_id must use it as its floor. */
  get highestReceived(): bigint {
    return this.#window.highest;
  }

  /** The link for answers and updates; undefined while the client is disconnected. */
  get currentLink(): SessionLink | undefined {
    return this.#outbox.current;
  }

  /** Bytes of answers that were not sent yet. */
  get waitingAnswerBytes(): number {
    return this.#outbox.waitingAnswerBytes;
  }

  /** When the oldest message that the client has not acknowledged was sent, in Unix seconds; Infinity if it has acknowledged all. */
  get unacknowledgedSinceS(): number {
    return this.#outbox.oldestKeptS;
  }

  /** When the pending acknowledgements must be sent; Infinity if there are none. */
  get acksDueMs(): number {
    return this.#outbox.acksDueMs;
  }

  /** The seq_no of a refusal, which does not count in the session. */
  get idleSeqNo(): number {
    return this.#outbox.idleSeqNo;
  }

  /**
   * Handles a packet. Never throws, whatever the client sent.
   * @param link where it came from; it becomes the session's current link if the packet contains something new.
   * @param aside link for the answer to a packet that contains nothing new, if that must not be mixed with what `link` gets.
   */
  receive(link: SessionLink, message: DecryptedMessage, nowMs: number, aside = link): Receipt {
    const { msgId, seqNo, body } = message;
    const reading = beginReading(aside, nowMs);
    if (constructorOf(body) === MSG_CONTAINER) this.#receiveContainer(reading, msgId, seqNo, body);
    else this.#receiveMessage(reading, msgId, seqNo, body);
    // A packet with nothing but repeats may come from an attacker. It gets nothing that waits for the client, even while the client is
    // disconnected.
    if (!reading.isNews) return reading;
    if (aside !== link) link.takeNotices(aside);
    for (const answer of this.#outbox.makeCurrent(link)) this.#describeAnswer(link, answer);
    return reading;
  }

  /**
   * Answers a request.
   * @param result TL bytes of the result or rpc_error, possibly packed.
   * @param again the request, if it only reads: a long answer is then not kept until the client has it, but made again if the client asks
   * for it, by another `request` event with these bytes. Nobody else may use the result's bytes afterwards, because they are freed.
   */
  reply(requestId: bigint, result: Uint8Array, again?: { request: Uint8Array; nowMs: number }): void {
    this.#outbox.forgive(requestId);
    const isMadeAgain = again !== undefined && result.length > RESEND_WHOLE_BYTES && again.request.length < result.length;
    // A copy, because the request may be a view of a large packet.
    const answer = new OutgoingMessage('answer', result, requestId, { request: isMadeAgain ? Uint8Array.from(again.request) : undefined });
    if (this.#requests.answer(requestId, answer)) this.#outbox.send(answer, again?.nowMs);
    this.awaited.onGone?.(requestId);
  }

  /** Queues an update. If the client is too slow the update is dropped, and `updatesTooLong` follows automatically. */
  push(update: Uint8Array): 'queued' | 'dropped' {
    return this.#outbox.push(packBody(update));
  }

  /** Answers `destroy_session`. */
  destroySessionResult(link: SessionLink, sessionId: bigint, destroyed: boolean): void {
    this.#notice(link, mtEncode({ _: destroyed ? 'destroy_session_ok' : 'destroy_session_none', session_id: sessionId }));
  }

  /** Answers `destroy_auth_key`. */
  destroyKeyResult(link: SessionLink, result: 'ok' | 'none' | 'fail'): void {
    this.#notice(link, mtEncode({ _: `destroy_auth_key_${result}` }));
  }

  /** Whether `takeOutgoing` has something for the link now. */
  hasOutgoing(link: SessionLink, nowMs: number): boolean {
    return this.#outbox.hasOutgoing(link, nowMs);
  }

  /** The next packet for a link, or undefined; see `Outbox.takeOutgoing`. */
  takeOutgoing(link: SessionLink, nowMs: number, maxBytes?: number): OutgoingPacket | undefined {
    return this.#outbox.takeOutgoing(link, nowMs, maxBytes);
  }

  /** A packet for an HTTP request that has waited long enough, even if nothing is queued. */
  takeIdle(link: SessionLink, nowMs: number): OutgoingPacket | undefined {
    return this.#outbox.takeIdle(link, nowMs);
  }

  /** Removes a closed link; what was sent over it and not acknowledged is sent again over the next one. */
  closeLink(link: SessionLink, nowMs: number): void {
    const gone = this.#outbox.closeLink(link, nowMs);
    const next = this.#outbox.current;
    if (next) for (const answer of gone) this.#describeAnswer(next, answer);
  }

  /**
   * Handles the messages of a container. Its own msg_id must be higher than those inside, because clients number those first.
   * @see https://core.telegram.org/mtproto/description#message-identifier-msg-id
   */
  #receiveContainer(reading: Reading, msgId: bigint, seqNo: number, body: Uint8Array): void {
    const verdict = this.#window.verdict(msgId);
    if (verdict !== 'new') return this.#refuse(reading, msgId, seqNo, verdict === 'repeat' ? 19 : 20);
    const messages = readContainer(body);
    const isWhole = messages?.every((inner) => inner.msgId < msgId && constructorOf(inner.body) !== MSG_CONTAINER) === true;
    if (seqNo % 2 !== 0 || !isWhole) {
      this.awaited.refuse(idsOfContent(messages ?? []));
      return this.#refuse(reading, msgId, seqNo, seqNo % 2 === 0 ? 64 : 34);
    }
    this.#announce(messages.reduce((lowest, inner) => (inner.msgId < lowest ? inner.msgId : lowest), msgId), reading.nowMs);
    this.#window.add(msgId, undefined);
    reading.isNews = true;
    for (const inner of messages) {
      const code = msgIdError(inner.msgId, reading.nowMs);
      if (code === undefined) this.#receiveMessage(reading, inner.msgId, inner.seqNo, inner.body);
      else this.#refuse(reading, inner.msgId, inner.seqNo, code);
    }
  }

  #receiveMessage(reading: Reading, msgId: bigint, seqNo: number, packed: Uint8Array): void {
    const content = seqNo % 2 !== 0;
    const verdict = this.#window.verdict(msgId);
    if (verdict === 'too-old') return this.#refuse(reading, msgId, seqNo, 20);
    if (verdict === 'repeat') return this.#receiveRepeat(reading, msgId, seqNo);
    const order = content ? this.#window.orderError(msgId, seqNo) : undefined;
    if (order !== undefined) return this.#refuse(reading, msgId, seqNo, order);

    const body = this.#unpack(reading, packed);
    const constructor = body ? constructorOf(body) : 0;
    const service = isServiceId(constructor);
    // An odd msgs_ack (34 by the documentation) is accepted, because mtcute always numbers its acknowledgements like this.
    if (!service && !content) return this.#refuse(reading, msgId, seqNo, 35);

    this.#announce(msgId, reading.nowMs);
    this.#window.add(msgId, content ? seqNo : undefined);
    reading.isNews = true;
    if (content) this.#outbox.owe(msgId, reading.nowMs);
    if (service) this.awaited.onGone?.(msgId);
    if (NAMING_IDS.has(constructor) && !allowsIds(reading, body!)) return;
    if (constructor === MSGS_ACK) return this.#acknowledge(body!);
    // Also parsed by hand, because idle clients send nothing else.
    if (constructor === PING) return body!.length === PING_BYTES ? this.#pong(reading.link, msgId, body!) : undefined;
    if (service) return this.#receiveService(reading, msgId, body!);
    this.#requests.begin(msgId);
    if (body) return void reading.events.push({ type: 'request', msgId, body });
    reading.events.push({ type: 'unreadable' });
    this.reply(msgId, mtEncode({ _: 'rpc_error', error_code: 400, error_message: 'INPUT_FETCH_ERROR' }));
  }

  /** @returns undefined if the content cannot be unpacked, is too large, or is itself packed or a container. */
  #unpack(reading: Reading, packed: Uint8Array): Uint8Array | undefined {
    if (constructorOf(packed) !== GZIP_PACKED) return packed;
    const body = unpackBody(packed, reading.unpackLeft, this.#options.knows);
    // A failure uses up the whole allowance, so that only one bomb of a container is opened.
    reading.unpackLeft = body ? reading.unpackLeft - body.length : 0;
    if (!body) return undefined;
    const inner = constructorOf(body);
    return inner === GZIP_PACKED || inner === MSG_CONTAINER || body.length % 4 !== 0 ? undefined : body;
  }

  /** The same msg_id came again: nothing is run a second time, but the client gets what it missed. */
  #receiveRepeat(reading: Reading, msgId: bigint, seqNo: number): void {
    const entry = this.#requests.find(msgId);
    if (entry?.state === 'lost') return this.#refuse(reading, msgId, seqNo, 20);
    const answer = entry?.answer;
    if (!answer) {
      if (seqNo % 2 !== 0) this.#outbox.owe(msgId, reading.nowMs);
      return;
    }
    if (answer.queued) return;
    if (answer.bodyLength <= RESEND_WHOLE_BYTES) this.#outbox.resend([answer]);
    else this.#describeAnswer(reading.link, answer);
  }

  /** Tells the client of a long answer instead of sending it again. A client that lacks it asks for it. */
  #describeAnswer(link: SessionLink, { requestId: msg_id, msgId: answer_msg_id, wireLength: bytes }: OutgoingMessage): void {
    const status = messageState(msg_id, this.#window, this.#requests);
    this.#notice(link, mtEncode({ _: 'msg_detailed_info', msg_id, answer_msg_id, bytes, status }));
  }

  /** Sends messages that the client lacks again. Answers that were not kept are made again. */
  #sendAgain({ events }: Reading, messages: readonly OutgoingMessage[]): void {
    for (const { msgId, requestId, request } of this.#outbox.resend(messages)) {
      this.#outbox.take(msgId);
      this.#requests.runAgain(requestId);
      if (request) events.push({ type: 'request', msgId: requestId, body: request });
    }
  }

  #receiveService(reading: Reading, msgId: bigint, body: Uint8Array): void {
    let message;
    try {
      message = mtDecode(body);
    } catch {
      // Malformed service messages are ignored; nothing depends on them.
      return;
    }
    const { link, events } = reading;
    switch (message._) {
      case 'ping_delay_disconnect':
        events.push({ type: 'disconnect-after', delayMs: Math.max(0, message.disconnect_delay) * 1000 });
        return this.#pong(link, msgId, body);
      case 'get_future_salts':
        return this.#giveSalts(reading, msgId, message.num);
      case 'http_wait': {
        const { max_delay: maxDelayMs, wait_after: waitAfterMs, max_wait: maxWaitMs } = message;
        events.push({ type: 'http-wait', maxDelayMs, waitAfterMs, maxWaitMs });
        return;
      }
      case 'destroy_session':
        events.push({ type: 'destroy-session', sessionId: message.session_id });
        return;
      case 'destroy_auth_key':
        events.push({ type: 'destroy-auth-key' });
        return;
      case 'rpc_drop_answer':
        return this.#dropAnswer(msgId, message.req_msg_id);
      case 'msgs_state_req':
        return this.#stateInfo(link, msgId, message.msg_ids);
      case 'msg_resend_req':
        return this.#resendRequested(reading, msgId, message.msg_ids);
      case 'msgs_all_info':
        return this.#receiveStates(reading, message.msg_ids, message.info);
      default:
        // The remaining ones are sent by servers, or refer to messages that this server never asked about.
        return;
    }
  }

  /** `msgs_ack` is parsed by hand, because every second packet contains one. Malformed ones are ignored. */
  #acknowledge(body: Uint8Array): void {
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    if (body.length < 12 || body.length !== 12 + view.getInt32(8, true) * 8) return;
    const { oldestKeptS } = this.#outbox;
    for (let at = 12; at < body.length; at += 8) {
      // The upper half of a msg_id is its time: ids older than the oldest kept message need no lookup.
      if (view.getInt32(at + 4, true) >= oldestKeptS) this.#outbox.acknowledge(view.getBigInt64(at, true));
    }
  }

  /** @param ping a `ping` or `ping_delay_disconnect`: `ping_id` comes first in both. */
  #pong(link: SessionLink, msgId: bigint, ping: Uint8Array): void {
    const pong = Buffer.allocUnsafe(20);
    pong.writeUInt32LE(PONG, 0);
    pong.writeBigInt64LE(msgId, 4);
    pong.set(ping.subarray(4, 12), 12);
    this.#notice(link, pong);
  }

  #giveSalts(reading: Reading, msgId: bigint, wanted: number): void {
    const count = Math.min(wanted, Math.max(reading.saltsLeft, 1));
    reading.saltsLeft -= count;
    this.#notice(reading.link, this.#options.salts.futureSalts(msgId, count, reading.nowMs));
  }

  /** @see https://core.telegram.org/mtproto/service_messages#cancellation-of-an-rpc-query */
  #dropAnswer(msgId: bigint, requestId: bigint): void {
    this.#requests.begin(msgId);
    const entry = this.#requests.find(requestId);
    if (entry?.state === 'running') {
      entry.state = 'dropped';
      const dropped = mtEncode({ _: 'rpc_answer_dropped_running' });
      // The query itself gets the same answer, because its own will not come.
      this.#outbox.send(new OutgoingMessage('answer', dropped, requestId));
      return this.reply(msgId, dropped);
    }
    const answer = entry?.answer;
    if (!answer) return this.reply(msgId, mtEncode({ _: 'rpc_answer_unknown' }));
    answer.done = true;
    this.#outbox.take(answer.msgId);
    this.#requests.settle(requestId);
    const { msgId: msg_id, seqNo: seq_no, wireLength: bytes } = answer;
    this.reply(msgId, mtEncode({ _: 'rpc_answer_dropped', msg_id, seq_no, bytes }));
  }

  #stateInfo(link: SessionLink, req_msg_id: bigint, msgIds: readonly bigint[]): void {
    this.#notice(link, mtEncode({ _: 'msgs_state_info', req_msg_id, info: messageStates(msgIds, this.#window, this.#requests) }));
  }

  /** Sends the requested messages again; if any of them is not kept, sends the states of all instead. */
  #resendRequested(reading: Reading, msgId: bigint, msgIds: readonly bigint[]): void {
    const kept = msgIds.map((id) => this.#outbox.find(id)).filter((message) => message !== undefined);
    this.#sendAgain(reading, kept);
    if (kept.length < msgIds.length) this.#stateInfo(reading.link, msgId, msgIds);
  }

  #receiveStates(reading: Reading, msgIds: readonly bigint[], info: Uint8Array): void {
    for (const [i, msgId] of msgIds.entries()) if (isReceivedState(info[i] ?? 0)) this.#outbox.acknowledge(msgId);
    const missing = msgIds.filter((_, i) => isMissingState(info[i] ?? 0));
    this.#sendAgain(reading, missing.map((id) => this.#outbox.find(id)).filter((message) => message !== undefined));
  }

  #refuse(reading: Reading, msgId: bigint, seqNo: number, code: BadMessageCode): void {
    this.awaited.refuse([msgId]);
    this.#notice(reading.link, badMessage(msgId, seqNo, code));
  }

  #notice(link: SessionLink, body: Uint8Array): void {
    this.#outbox.notice(link, body);
  }

  /** Tells the client, once, that the session was created here: messages before `firstMsgId` were never received. */
  #announce(firstMsgId: bigint, nowMs: number): void {
    if (this.#announced) return;
    this.#announced = true;
    this.awaited.begin(firstMsgId);
    const { random, salts } = this.#options;
    const bytes = random.bytes(8);
    const unique_id = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigInt64(0, true);
    const body = mtEncode({ _: 'new_session_created', first_msg_id: firstMsgId, unique_id, server_salt: salts.current(nowMs) });
    this.#outbox.send(new OutgoingMessage('service', body));
  }
}
