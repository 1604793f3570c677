import type { RandomBytes } from '@aerogram/crypto';
import { isServiceId, mtDecode, mtEncode } from '@aerogram/tl';
import { CONTAINER_HEAD, MESSAGE_HEAD, readContainer } from '../session/container.ts';
import { constructorOf, GZIP_PACKED, MSG_CONTAINER, RPC_RESULT } from '../session/constructors.ts';
import { type AuthKey, decryptMessage, encryptMessage } from '../session/envelope.ts';
import { unpackBody } from '../session/gzip.ts';

/** A message from the server, taken out of its container and unpacked. */
export interface ServerMessage {
  msgId: bigint;
  seqNo: number;
  body: Uint8Array;
  /** For rpc_result the request's msg_id; `body` is then only the result. */
  answers?: bigint;
}

/** A message to be sent; missing numbers are assigned. */
export interface ClientMessage {
  body: Uint8Array;
  /** Whether the message is content-related and must be acknowledged: calls are, acknowledgements are not. True by default. */
  content?: boolean;
  msgId?: bigint;
  seqNo?: number;
}

const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** The client side of a session, for tests and load generators: numbers and encrypts messages, and decrypts what comes back. No I/O. */
export class ClientSession {
  readonly key: AuthKey;
  readonly sessionId: bigint;
  salt: bigint;
  readonly #random: RandomBytes;
  readonly #nowMs: () => number;
  #lastMsgId = 0n;
  #contentCount = 0;

  constructor(options: { key: AuthKey; sessionId: bigint; salt: bigint; random: RandomBytes; nowMs: () => number }) {
    this.key = options.key;
    this.sessionId = options.sessionId;
    this.salt = options.salt;
    this.#random = options.random;
    this.#nowMs = options.nowMs;
  }

  /** Returns a new msg_id: divisible by 4, higher than all earlier ones, close to the client's time. */
  nextMsgId(): bigint {
    const id = (BigInt(Math.floor(this.#nowMs())) << 32n) / 1000n & ~3n;
    this.#lastMsgId = id > this.#lastMsgId ? id : this.#lastMsgId + 4n;
    return this.#lastMsgId;
  }

  nextSeqNo(content: boolean): number {
    const seqNo = this.#contentCount * 2 + (content ? 1 : 0);
    if (content) this.#contentCount += 1;
    return seqNo;
  }

  /** Assigns the numbers that a message does not have. */
  number(message: ClientMessage): Required<ClientMessage> {
    const content = message.content ?? true;
    return { body: message.body, content, msgId: message.msgId ?? this.nextMsgId(), seqNo: message.seqNo ?? this.nextSeqNo(content) };
  }

  /** Encrypts messages into one packet: a single message directly, several in a container. */
  encrypt(messages: readonly ClientMessage[]): { packet: Uint8Array; msgIds: bigint[] } {
    const numbered = messages.map((message) => this.number(message));
    const first = numbered[0];
    if (numbered.length === 1 && first) return { packet: this.encryptOne(first), msgIds: [first.msgId] };
    const packet = this.encryptOne({ body: encodeContainer(numbered), msgId: this.nextMsgId(), seqNo: this.nextSeqNo(false) });
    return { packet, msgIds: numbered.map((message) => message.msgId) };
  }

  /** Encrypts one message without changing it. */
  encryptOne(message: { body: Uint8Array; msgId: bigint; seqNo: number }): Uint8Array {
    const { body, msgId, seqNo } = message;
    const unsealed = { salt: this.salt, sessionId: this.sessionId, msgId, seqNo, bodyLength: body.length, body: { writeTo: (target: Buffer, at: number) => target.set(body, at) } };
    return encryptMessage(this.key, unsealed, this.#random, 'to-server');
  }

  /**
   * Decrypts a packet from the server. Returns no messages for a packet of another session of the key.
   * @throws Error when it is incomplete.
   */
  open(packet: Uint8Array): ServerMessage[] {
    const message = decryptMessage(this.key, packet, 'to-client');
    if (!message) throw new Error('a packet could not be decrypted');
    if (message.sessionId !== this.sessionId) return [];
    if (constructorOf(message.body) !== MSG_CONTAINER) return [openMessage(message)];
    const inner = readContainer(message.body);
    if (!inner) throw new Error('a container is malformed');
    return inner.map(openMessage);
  }

  /** The body of `msgs_ack` for messages with an odd seq_no; undefined if there are none. */
  acksFor(messages: readonly ServerMessage[]): Uint8Array | undefined {
    const msg_ids = messages.filter((message) => message.seqNo % 2 !== 0).map((message) => message.msgId);
    return msg_ids.length === 0 ? undefined : mtEncode({ _: 'msgs_ack', msg_ids });
  }
}

/** Encodes a container around numbered messages. */
export function encodeContainer(messages: readonly { msgId: bigint; seqNo: number; body: Uint8Array }[]): Uint8Array {
  const length = messages.reduce((sum, message) => sum + MESSAGE_HEAD + message.body.length, CONTAINER_HEAD);
  const container = Buffer.alloc(length);
  container.writeUInt32LE(MSG_CONTAINER, 0);
  container.writeInt32LE(messages.length, 4);
  let at = CONTAINER_HEAD;
  for (const { msgId, seqNo, body } of messages) {
    container.writeBigInt64LE(msgId, at);
    container.writeInt32LE(seqNo, at + 8);
    container.writeInt32LE(body.length, at + 12);
    container.set(body, at + MESSAGE_HEAD);
    at += MESSAGE_HEAD + body.length;
  }
  return container;
}

function openMessage(message: { msgId: bigint; seqNo: number; body: Uint8Array }): ServerMessage {
  const { msgId, seqNo, body } = message;
  if (constructorOf(body) !== RPC_RESULT) return { msgId, seqNo, body: unpacked(body) };
  const answers = new DataView(body.buffer, body.byteOffset, body.byteLength).getBigInt64(4, true);
  return { msgId, seqNo, body: unpacked(body.subarray(12)), answers };
}

function unpacked(body: Uint8Array): Uint8Array {
  if (constructorOf(body) !== GZIP_PACKED) return body;
  const result = unpackBody(body, MAX_ANSWER_BYTES);
  if (!result) throw new Error('a packed body could not be unpacked');
  return result;
}

/** Decodes a service message; undefined if the body is something else. */
export function serviceMessage(message: ServerMessage): ReturnType<typeof mtDecode> | undefined {
  if (!isServiceId(constructorOf(message.body))) return undefined;
  try {
    return mtDecode(message.body);
  } catch {
    return undefined;
  }
}
