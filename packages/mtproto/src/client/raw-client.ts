import { createDhGroup, type RandomBytes, type RsaPublicKey } from '@aerogram/crypto';
import { type mt, mtDecode, mtEncode } from '@aerogram/tl';
import { negotiateAuthKey } from '../handshake/client.ts';
import { readPlainMessage, writePlainMessage } from '../handshake/plain-message.ts';
import { type AuthKey, createAuthKey } from '../session/envelope.ts';
import { type ClientMessage, ClientSession, type ServerMessage, serviceMessage } from './client-session.ts';
import { openWire, type Wire, type WireOptions } from './wire.ts';

/** A key and its first salt. */
export interface ClientKey {
  key: AuthKey;
  salt: bigint;
}

export interface RawClientOptions extends WireOptions {
  /** Created by `makeKey`, or written to the server's store by other means. */
  clientKey: ClientKey;
  sessionId?: bigint;
  nowMs?: () => number;
}

/** The server refused the message of a call, or answered it with rpc_error. */
export class RawClientError extends Error {
  /** Code of the rpc_error or bad_msg_notification, or a transport error (negative). */
  readonly code: number;

  constructor(code: number, text: string) {
    super(text);
    this.name = 'RawClientError';
    this.code = code;
  }
}

const RPC_ERROR = 0x2144ca19;
const INVOKE_AFTER_MSG = 0xcb9f372d;
/** When this many messages are unacknowledged, the acknowledgements are sent without waiting for another message. */
const ACKS_AT_ONCE = 32;

interface Pending {
  body: Uint8Array;
  /** Later calls are to come after this one. */
  isInTurn?: boolean;
  resolve: (result: Uint8Array) => void;
  reject: (error: Error) => void;
}

/**
 * A client that speaks MTProto without any knowledge of the API, for tests and load generators: calls and answers are bytes. It follows
 * salts, acknowledges what it gets, and keeps its session over `reconnect`.
 */
export class RawClient implements AsyncDisposable {
  readonly session: ClientSession;
  /** Called with each update: a content-related message that answers no call. */
  onUpdate: (body: Uint8Array, message: ServerMessage) => void = () => {};
  /** Called with each service message. */
  onService: (message: mt.AnyService, raw: ServerMessage) => void = () => {};
  onQuickAck: (token: number) => void = () => {};
  /** Called with the messages of each packet, before they are taken one by one. */
  onPacket: (messages: readonly ServerMessage[]) => void = () => {};
  /** When the last packet was completely received, before decryption; by `performance.now()`. */
  arrivedAtMs = 0;
  onTransportError: (code: number) => void = () => {};
  #options: RawClientOptions;
  #wire: Wire | undefined;
  #closed: Promise<void> = Promise.resolve();
  readonly #pending = new Map<bigint, Pending>();
  #owed: ServerMessage[] = [];
  /** The msg_id of the last call that was made in turn. */
  #lastInTurn: bigint | undefined;

  private constructor(options: RawClientOptions) {
    this.#options = options;
    const { clientKey, random, sessionId = Buffer.from(random.bytes(8)).readBigInt64LE(), nowMs = Date.now } = options;
    this.session = new ClientSession({ key: clientKey.key, salt: clientKey.salt, sessionId, random, nowMs });
  }

  /** Connects with a key. */
  static async connect(options: RawClientOptions): Promise<RawClient> {
    const client = new RawClient(options);
    await client.reconnect();
    return client;
  }

  /** Resolves when the connection is closed by either side. */
  get closed(): Promise<void> {
    return this.#closed;
  }

  /** Closes the connection and opens another one for the same session. Unanswered calls stay pending. */
  async reconnect(change: Partial<WireOptions> = {}): Promise<void> {
    this.#wire?.close();
    this.#options = { ...this.#options, ...change };
    let onClosed: () => void = () => {};
    this.#closed = new Promise((resolve) => {
      onClosed = resolve;
    });
    this.#wire = await openWire(this.#options, {
      onPacket: (packet) => this.#receive(packet),
      onQuickAck: (token) => this.onQuickAck(token),
      onError: (code) => this.#fail(code),
      onClosed: () => onClosed(),
    });
  }

  /** Sends a call. @returns the result's bytes. @throws RawClientError */
  call(body: Uint8Array): Promise<Uint8Array> {
    return new Promise((resolve, reject) => this.#send({ body, resolve, reject }));
  }

  /**
   * Sends a call that comes after the last one which was sent by this method, as clients do with sends (`invokeAfterMsg`). If that one cannot come any more, the call is
   * sent again by itself.
   * @returns the result's bytes. @throws RawClientError
   */
  async callInTurn(body: Uint8Array): Promise<Uint8Array> {
    const last = this.#lastInTurn;
    if (last === undefined) return this.#callInTurn(body);
    const after = Buffer.alloc(12);
    after.writeUInt32LE(INVOKE_AFTER_MSG, 0);
    after.writeBigInt64LE(last, 4);
    try {
      return await this.#callInTurn(Buffer.concat([after, body]));
    } catch (error) {
      if (!(error instanceof RawClientError) || error.message !== 'MSG_WAIT_FAILED') throw error;
      return this.#callInTurn(body);
    }
  }

  #callInTurn(body: Uint8Array): Promise<Uint8Array> {
    return new Promise((resolve, reject) => this.#send({ body, isInTurn: true, resolve, reject }));
  }

  /** Sends messages in one packet without changing them. @returns their msg_ids */
  send(messages: readonly ClientMessage[], options: { quickAck?: boolean } = {}): bigint[] {
    const { packet, msgIds } = this.session.encrypt(messages);
    this.sendPacket(packet, options.quickAck);
    return msgIds;
  }

  /** Sends a packet without changing it. */
  sendPacket(packet: Uint8Array, quickAck = false): void {
    if (!this.#wire) throw new Error('not connected');
    this.#wire.send(packet, quickAck);
  }

  /** Sends a ping. The pong goes to `onService`. */
  ping(pingId: bigint): void {
    this.send([{ body: mtEncode({ _: 'ping', ping_id: pingId }), content: false }]);
  }

  /** Acknowledges the messages that were not acknowledged yet, as clients do after some seconds. */
  acknowledge(): void {
    const acks = this.session.acksFor(this.#owed.splice(0));
    if (acks) this.send([{ body: acks, content: false }]);
  }

  /** Closes the connection; pending calls fail, and so do later ones. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#wire?.close();
    this.#wire = undefined;
    this.#rejectAll(new Error('the client was closed'));
    return Promise.resolve();
  }

  #send(pending: Pending): void {
    const acks = this.session.acksFor(this.#owed.splice(0));
    const messages: ClientMessage[] = acks ? [{ body: acks, content: false }] : [];
    const msgIds = this.send([...messages, { body: pending.body }]);
    this.#pending.set(msgIds.at(-1)!, pending);
    if (pending.isInTurn === true) this.#lastInTurn = msgIds.at(-1);
  }

  #receive(packet: Uint8Array): void {
    this.arrivedAtMs = performance.now();
    const messages = this.session.open(packet);
    this.onPacket(messages);
    for (const message of messages) this.#take(message);
    if (this.#owed.length >= ACKS_AT_ONCE) this.acknowledge();
  }

  #take(message: ServerMessage): void {
    if (message.seqNo % 2 !== 0) this.#owed.push(message);
    if (message.answers !== undefined) return this.#answer(message.answers, message.body);
    const service = serviceMessage(message);
    if (!service) return this.onUpdate(message.body, message);
    if (service._ === 'new_session_created') this.session.salt = service.server_salt;
    if (service._ === 'bad_server_salt') {
      this.session.salt = service.new_server_salt;
      this.#again(service.bad_msg_id);
    } else if (service._ === 'bad_msg_notification') {
      const pending = this.#takePending(service.bad_msg_id);
      pending?.reject(new RawClientError(service.error_code, `bad_msg_notification ${service.error_code}`));
    }
    this.onService(service, message);
  }

  /** A message with a wrong salt was not accepted: sends its call again. */
  #again(msgId: bigint): void {
    const pending = this.#takePending(msgId);
    if (pending) return this.#send(pending);
    // The refused message may have been the container of the calls.
    const open = [...this.#pending];
    this.#pending.clear();
    for (const [id, other] of open) {
      if (id < msgId) this.#send(other);
      else this.#pending.set(id, other);
    }
  }

  #answer(msgId: bigint, body: Uint8Array): void {
    const pending = this.#takePending(msgId);
    if (!pending) return;
    const id = body.length >= 4 ? new DataView(body.buffer, body.byteOffset, 4).getUint32(0, true) : 0;
    if (id !== RPC_ERROR) return pending.resolve(body);
    const error = mtDecode(body) as mt.rpc_error;
    pending.reject(new RawClientError(error.error_code, error.error_message));
  }

  #takePending(msgId: bigint): Pending | undefined {
    const pending = this.#pending.get(msgId);
    this.#pending.delete(msgId);
    return pending;
  }

  #fail(code: number): void {
    this.onTransportError(code);
    this.#rejectAll(new RawClientError(code, `transport error ${code}`));
  }

  #rejectAll(error: Error): void {
    const open = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of open) pending.reject(error);
  }
}

/**
 * Clients use 256 bytes, as the documentation asks. In a load generator that would take five milliseconds per key, which say nothing about
 * the server.
 */
const CLIENT_SECRET_BYTES = 32;

const clientGroup = createDhGroup(CLIENT_SECRET_BYTES);

/**
 * Creates an authorization key with the server, over a separate connection.
 * @param options.expiresInS asks for a temporary key.
 */
export async function makeKey(
  options: WireOptions & { publicKeys: readonly RsaPublicKey[]; dc?: number; expiresInS?: number; random: RandomBytes },
): Promise<ClientKey> {
  let answered: { resolve: (body: Uint8Array) => void; reject: (error: Error) => void } | undefined;
  const wire = await openWire(options, {
    onPacket(packet) {
      const message = readPlainMessage(packet);
      if (message) answered?.resolve(message.body);
      else answered?.reject(new Error('an encrypted packet in a handshake'));
    },
    onQuickAck: () => {},
    onError: (code) => answered?.reject(new RawClientError(code, `transport error ${code}`)),
    onClosed: () => answered?.reject(new Error('the connection was closed')),
  });
  try {
    let lastId = BigInt(Date.now()) << 22n & ~3n;
    const exchange = (body: Uint8Array): Promise<Uint8Array> =>
      new Promise((resolve, reject) => {
        answered = { resolve, reject };
        lastId += 4n;
        wire.send(writePlainMessage(lastId, body));
      });
    const { publicKeys, random, dc, expiresInS } = options;
    const made = await negotiateAuthKey(exchange, { publicKeys, group: clientGroup, random, dc, expiresInS });
    return { key: createAuthKey(made.authKey), salt: made.serverSalt };
  } finally {
    wire.close();
  }
}
