import { isServiceId, mtDecode, mtEncode } from '@aerogram/tl';
import { constructorOf, GZIP_PACKED, MSG_CONTAINER, MSG_RESEND_REQ, MSGS_ACK, MSGS_ALL_INFO, MSGS_STATE_REQ, PING, PONG } from './constructors.ts';
import { readContainer } from './container.ts';
import type { DecryptedMessage } from './envelope.ts';
import { MAX_UNPACKED_BYTES, packBody, unpackBody } from './gzip.ts';
import { badMessage, type BadMessageCode, msgIdError } from './message-checks.ts';
import { isMissingState, isReceivedState, messageState, messageStates } from './message-states.ts';
import { Outbox, type OutboxOptions } from './outbox.ts';
import { OutgoingMessage } from './outgoing.ts';
import { ReceivedWindow } from './received-window.ts';
import { RequestLog } from './request-log.ts';
import type { SessionEvent } from './session-event.ts';
import type { SessionLink } from './session-link.ts';

export interface ServerSessionOptions extends OutboxOptions {
  /** Message ids up to here were received by an earlier session under the same id; they are refused as too old. */
  receivedFloor?: bigint;
  /** Whether anything begins with a constructor id (signed): what else is packed is not unpacked when it is long. Without it all is. */
  knows?: (constructor: number) => boolean;
}

/** A longer answer is announced by `msg_detailed_info` instead of being sent a second time. */
const RESEND_WHOLE_BYTES = 4096;
/** Constructor and `ping_id`. */
const PING_BYTES = 12;

/** Service messages whose cost is in the msg_ids that they name, in a vector right behind the constructor. */
const NAMING_IDS: ReadonlySet<number> = new Set([MSGS_ACK, MSGS_STATE_REQ, MSG_RESEND_REQ, MSGS_ALL_INFO]);
/** What one packet may name in all: as much as the documents let one message name. What goes beyond it is not looked at. */
const MAX_NAMED_IDS = 8192;
/** Salts that one packet gets; who asks further gets one for each question. */
const MAX_SALTS = 128;

/** What came of a packet. */
export interface Receipt {
  readonly events: readonly SessionEvent[];
  /** It brought a message that had not come before, so it is from the client. Else anybody may have recorded and sent it. */
  readonly isNews: boolean;
}

/** What a packet that is being read has come to so far. */
interface Reading extends Receipt {
  link: SessionLink;
  nowMs: number;
  events: SessionEvent[];
  /** Bytes that gzip_packed parts of this packet may still unpack to. */
  unpackLeft: number;
  /** msg_ids that its service messages may still name. */
  idsLeft: number;
  saltsLeft: number;
  isNews: boolean;
}

/**
 * The server's side of one MTProto session: packets in, events and packets out, no I/O.
 * A packet comes here when its msg_key, salt and msg_id time were found right (`decryptMessage`, `refuseMessage`).
 * @see https://core.telegram.org/mtproto/description
 * @see https://core.telegram.org/mtproto/service_messages
 * @see https://core.telegram.org/mtproto/service_messages_about_messages
 */
export class ServerSession {
  readonly #options: ServerSessionOptions;
  readonly #window: ReceivedWindow;
  readonly #requests = new RequestLog();
  readonly #outbox: Outbox;
  #announced = false;

  constructor(options: ServerSessionOptions) {
    this.#options = options;
    this.#window = new ReceivedWindow(options.receivedFloor);
    this.#outbox = new Outbox(options, this.#requests);
  }

  get sessionId(): bigint {
    return this.#options.sessionId;
  }

  /** Requests not answered yet. */
  get running(): number {
    return this.#requests.running;
  }

  /** The highest msg_id received; what a later session under this id must have as its floor. */
  get highestReceived(): bigint {
    return this.#window.highest;
  }

  /** The link that answers and updates go to; undefined while the client is away. */
  get currentLink(): SessionLink | undefined {
    return this.#outbox.current;
  }

  /** Answers that were not sent yet. */
  get waitingAnswerBytes(): number {
    return this.#outbox.waitingAnswerBytes;
  }

  /** When the acknowledgements that are owed must go at last; Infinity when none are. */
  get acksDueMs(): number {
    return this.#outbox.acksDueMs;
  }

  /** The seq_no that a refusal outside the session's count carries. */
  get idleSeqNo(): number {
    return this.#outbox.idleSeqNo;
  }

  /**
   * Takes a packet in. Never throws, whatever the client sent.
   * @param link where it came from; it becomes the session's current link when the packet brings something new.
   * @param aside takes what is said to a packet that brings nothing new, where that must not mix with what `link` gets.
   */
  receive(link: SessionLink, message: DecryptedMessage, nowMs: number, aside = link): Receipt {
    const { msgId, seqNo, body } = message;
    const reading: Reading = {
      link: aside,
      nowMs,
      events: [],
      unpackLeft: MAX_UNPACKED_BYTES,
      idsLeft: MAX_NAMED_IDS,
      saltsLeft: MAX_SALTS,
      isNews: false,
    };
    if (constructorOf(body) === MSG_CONTAINER) this.#receiveContainer(reading, msgId, seqNo, body);
    else this.#receiveMessage(reading, msgId, seqNo, body);
    // A repeat alone may be an attacker's. It gets nothing that waits for the client, also while the client is away.
    if (!reading.isNews) return reading;
    if (aside !== link) link.takeNotices(aside);
    this.#outbox.makeCurrent(link);
    return reading;
  }

  /**
   * Answers a request.
   * @param result TL bytes of the result or of rpc_error, or what packing made of them.
   */
  reply(requestId: bigint, result: Uint8Array): void {
    this.#outbox.forgive(requestId);
    const answer = new OutgoingMessage('answer', result, requestId);
    if (this.#requests.answer(requestId, answer)) this.#outbox.send(answer);
  }

  /** Queues an update, or says that the client is too slow: `updatesTooLong` then follows by itself. */
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

  /** The next encrypted packet for a link, or undefined; see `Outbox.takeOutgoing`. */
  takeOutgoing(link: SessionLink, nowMs: number, maxBytes?: number): Uint8Array | undefined {
    return this.#outbox.takeOutgoing(link, nowMs, maxBytes);
  }

  /** A packet for an HTTP request that has waited long enough, also when there is nothing to say. */
  takeIdle(link: SessionLink, nowMs: number): Uint8Array | undefined {
    return this.#outbox.takeIdle(link, nowMs);
  }

  /** The link is closed; what was sent over it and not acknowledged goes out again over the next one. */
  closeLink(link: SessionLink): void {
    this.#outbox.closeLink(link);
  }

  /**
   * Takes a container apart. Its own msg_id must be above those of the messages inside, which clients number before it.
   * @see https://core.telegram.org/mtproto/description#message-identifier-msg-id
   */
  #receiveContainer(reading: Reading, msgId: bigint, seqNo: number, body: Uint8Array): void {
    const verdict = this.#window.verdict(msgId);
    if (verdict !== 'new') return this.#refuse(reading, msgId, seqNo, verdict === 'repeat' ? 19 : 20);
    if (seqNo % 2 !== 0) return this.#refuse(reading, msgId, seqNo, 34);
    const messages = readContainer(body);
    if (!messages || messages.some((inner) => inner.msgId >= msgId || constructorOf(inner.body) === MSG_CONTAINER)) {
      return this.#refuse(reading, msgId, seqNo, 64);
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
    // An odd msgs_ack (34 by the documents) is taken all the same: mtcute numbers its acknowledgements so, always.
    if (!service && !content) return this.#refuse(reading, msgId, seqNo, 35);

    this.#announce(msgId, reading.nowMs);
    this.#window.add(msgId, content ? seqNo : undefined);
    reading.isNews = true;
    if (content) this.#outbox.owe(msgId, reading.nowMs);
    if (NAMING_IDS.has(constructor) && !allowsIds(reading, body!)) return;
    if (constructor === MSGS_ACK) return this.#acknowledge(body!);
    // By hand as well: idle clients say nothing else.
    if (constructor === PING) return body!.length === PING_BYTES ? this.#pong(reading.link, msgId, body!) : undefined;
    if (service) return this.#receiveService(reading, msgId, body!);
    this.#requests.begin(msgId);
    if (body) return void reading.events.push({ type: 'request', msgId, body });
    reading.events.push({ type: 'unreadable' });
    this.reply(msgId, mtEncode({ _: 'rpc_error', error_code: 400, error_message: 'INPUT_FETCH_ERROR' }));
  }

  /** @returns undefined for what cannot be unpacked, is too big, or is packed or a container inside. */
  #unpack(reading: Reading, packed: Uint8Array): Uint8Array | undefined {
    if (constructorOf(packed) !== GZIP_PACKED) return packed;
    const body = unpackBody(packed, reading.unpackLeft, this.#options.knows);
    // A failure costs the whole allowance, so that a container of bombs is opened once.
    reading.unpackLeft = body ? reading.unpackLeft - body.length : 0;
    if (!body) return undefined;
    const inner = constructorOf(body);
    return inner === GZIP_PACKED || inner === MSG_CONTAINER || body.length % 4 !== 0 ? undefined : body;
  }

  /** The same msg_id came again: nothing is done a second time, but the client is helped to what it missed. */
  #receiveRepeat(reading: Reading, msgId: bigint, seqNo: number): void {
    const entry = this.#requests.find(msgId);
    if (entry?.state === 'lost') return this.#refuse(reading, msgId, seqNo, 20);
    const answer = entry?.answer;
    if (!answer) {
      if (seqNo % 2 !== 0) this.#outbox.owe(msgId, reading.nowMs);
      return;
    }
    if (answer.queued) return;
    if (answer.body.length <= RESEND_WHOLE_BYTES) return this.#outbox.resend([answer]);
    const { msgId: answer_msg_id, wireLength: bytes } = answer;
    const status = messageState(msgId, this.#window, this.#requests);
    this.#notice(reading.link, mtEncode({ _: 'msg_detailed_info', msg_id: msgId, answer_msg_id, bytes, status }));
  }

  #receiveService(reading: Reading, msgId: bigint, body: Uint8Array): void {
    let message;
    try {
      message = mtDecode(body);
    } catch {
      // Malformed service messages are ignored; nothing waits for them.
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
        return this.#resendRequested(link, msgId, message.msg_ids);
      case 'msgs_all_info':
        return this.#receiveStates(message.msg_ids, message.info);
      default:
        // What remains is what servers say, or speaks about messages that this server never asked about.
        return;
    }
  }

  /** `msgs_ack` is read by hand: it comes with every second packet. Malformed ones are ignored. */
  #acknowledge(body: Uint8Array): void {
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    if (body.length < 12 || body.length !== 12 + view.getInt32(8, true) * 8) return;
    const { oldestKeptS } = this.#outbox;
    const msgIds: bigint[] = [];
    for (let at = 12; at < body.length; at += 8) {
      // The upper half of a msg_id is its time: what is older than all that is kept needs no looking up.
      if (view.getInt32(at + 4, true) >= oldestKeptS) msgIds.push(view.getBigInt64(at, true));
    }
    this.#outbox.acknowledge(msgIds);
  }

  /** @param ping a `ping` or `ping_delay_disconnect`: in both `ping_id` comes first. */
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
      // The same goes to the query itself, whose own answer will not come.
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

  /** Sends again what was asked for; if any of it is not kept, says the state of all of it instead. */
  #resendRequested(link: SessionLink, msgId: bigint, msgIds: readonly bigint[]): void {
    const kept = msgIds.map((id) => this.#outbox.find(id)).filter((message) => message !== undefined);
    this.#outbox.resend(kept);
    if (kept.length < msgIds.length) this.#stateInfo(link, msgId, msgIds);
  }

  #receiveStates(msgIds: readonly bigint[], info: Uint8Array): void {
    this.#outbox.acknowledge(msgIds.filter((_, i) => isReceivedState(info[i] ?? 0)));
    const missing = msgIds.filter((_, i) => isMissingState(info[i] ?? 0));
    this.#outbox.resend(missing.map((id) => this.#outbox.find(id)).filter((message) => message !== undefined));
  }

  #refuse(reading: Reading, msgId: bigint, seqNo: number, code: BadMessageCode): void {
    this.#notice(reading.link, badMessage(msgId, seqNo, code));
  }

  #notice(link: SessionLink, body: Uint8Array): void {
    this.#outbox.notice(link, body);
  }

  /** Tells the client, once, that the session began here: messages below `firstMsgId` never arrived. */
  #announce(firstMsgId: bigint, nowMs: number): void {
    if (this.#announced) return;
    this.#announced = true;
    const { random, salts } = this.#options;
    const bytes = random.bytes(8);
    const unique_id = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigInt64(0, true);
    const body = mtEncode({ _: 'new_session_created', first_msg_id: firstMsgId, unique_id, server_salt: salts.current(nowMs) });
    this.#outbox.send(new OutgoingMessage('service', body));
  }
}

/** Takes what a service message names from the packet's allowance. @returns whether that had so much left */
function allowsIds(reading: Reading, body: Uint8Array): boolean {
  if (body.length >= 12) reading.idsLeft -= new DataView(body.buffer, body.byteOffset + 8, 4).getUint32(0, true);
  return reading.idsLeft >= 0;
}
