import { connect, type Socket } from 'node:net';
import { createDhGroup, readRsaPublicKey, type DhGroup } from '@aerogram/crypto';
import { createAuthKey, type AuthKey } from '@aerogram/mtproto';
import {
  ClientSession, createClientStream, negotiateAuthKey, readPlainMessage, writePlainMessage, type ClientMessage, type ClientStream, type ServerMessage,
} from '@aerogram/mtproto/client';
import { systemRandom } from '@aerogram/runtime';
import { isServiceId, mtDecode, mtEncode } from '@aerogram/tl';
import type { ServerInfo } from '../server-info.ts';

/** The server answered a call with rpc_error. */
export class RawRpcError extends Error {
  readonly code: number;
  readonly text: string;
  constructor(code: number, text: string) {
    super(`${code} ${text}`);
    this.code = code;
    this.text = text;
  }
}

/** The connection ended before the answer came: what was sent may or may not have been done. */
export class Disconnected extends Error {
  readonly disconnected = true;
}

interface Call {
  body: Uint8Array;
  resolve: (result: Uint8Array) => void;
  reject: (error: Error) => void;
}

/** Exponents of 256 bytes, as the documents ask of clients; setting the group up takes 200 ms, so once a process. */
let group: DhGroup | undefined;

const RPC_ERROR = 0x2144ca19;
/** So many acknowledgements go on their own; fewer wait for the next call. */
const ACKS_ALONE = 32;

/** Where a raw client connects from and how. */
export interface RawClientOptions {
  /** Source address, such as 127.0.0.3, to spread load over addresses. */
  localAddress?: string | undefined;
  dc?: number;
}

/**
 * The leanest client that speaks the protocol: abridged TCP, one session, calls as TL bytes. For load and crash tests,
 * where a library's own cost and its habit of repeating calls would stand between the test and the server.
 */
export class RawClient {
  /** Called with the TL bytes of each `Updates` that the server pushes. */
  onUpdates: (body: Uint8Array) => void = () => {};
  private readonly server: ServerInfo;
  private readonly socket: Socket;
  private readonly stream: ClientStream;
  private readonly dc: number;
  private readonly calls = new Map<bigint, Call>();
  private readonly queue: ClientMessage[] = [];
  private readonly queuedCalls: (Call | undefined)[] = [];
  private acks: bigint[] = [];
  private session: ClientSession | undefined;
  private plain: ((body: Uint8Array) => void) | undefined;
  private failure: Error | undefined;
  private flushing = false;
  private lastPlainId = 0n;

  private constructor(server: ServerInfo, socket: Socket, dc: number) {
    this.server = server;
    this.socket = socket;
    this.dc = dc;
    this.stream = createClientStream({ framing: 'abridged', random: systemRandom });
    socket.setNoDelay(true);
    socket.write(this.stream.header);
    socket.on('data', (chunk) => this.take(chunk));
    socket.on('error', (error) => this.fail(new Disconnected(error.message)));
    socket.on('close', () => this.fail(new Disconnected('the server closed the connection')));
  }

  /** Opens a TCP connection. Throws when the server cannot be reached. */
  static async connect(server: ServerInfo, options: RawClientOptions = {}): Promise<RawClient> {
    const { host, port } = server.mtproto;
    const socket = connect({ host, port, ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }) });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('error', reject);
    });
    return new RawClient(server, socket, options.dc ?? server.dc_id);
  }

  /** Makes a new permanent key over this connection. */
  async createKey(): Promise<{ key: AuthKey; salt: bigint }> {
    group ??= createDhGroup(256);
    const publicKeys = this.server.public_keys.map((key) => readRsaPublicKey(key.pem));
    const { authKey, serverSalt } = await negotiateAuthKey((body) => this.exchangePlain(body), { publicKeys, group, random: systemRandom, dc: this.dc });
    return { key: createAuthKey(authKey), salt: serverSalt };
  }

  /** Begins a session of an existing key; calls may follow at once. */
  openSession(key: AuthKey, salt: bigint): void {
    this.session = new ClientSession({ key, salt, sessionId: systemRandom.int64(), random: systemRandom, nowMs: () => Date.now() });
  }

  /** The salt that the server uses now, to be kept with the key. */
  get salt(): bigint {
    return this.session?.salt ?? 0n;
  }

  /**
   * Sends a call (all of one tick together) and waits for its result.
   *
   * @param body TL bytes of the method
   * @returns TL bytes of the result
   * @throws RawRpcError, or Disconnected when the connection ends first
   */
  async call(body: Uint8Array): Promise<Uint8Array> {
    if (this.failure) throw this.failure;
    return new Promise((resolve, reject) => this.enqueue({ body }, { body, resolve, reject }));
  }

  /** Sends a ping and waits for its pong. */
  async ping(): Promise<void> {
    const ping_id = systemRandom.int64();
    await this.call(mtEncode({ _: 'ping', ping_id }));
  }

  /** Cuts the connection; open calls fail as Disconnected. */
  close(): void {
    this.socket.destroy();
    this.fail(new Disconnected('the client closed the connection'));
  }

  private async exchangePlain(body: Uint8Array): Promise<Uint8Array> {
    const id = (BigInt(Date.now()) << 32n) / 1000n & ~3n;
    this.lastPlainId = id > this.lastPlainId ? id : this.lastPlainId + 4n;
    const message = writePlainMessage(this.lastPlainId, body);
    return new Promise((resolve, reject) => {
      if (this.failure) {
        reject(this.failure);
        return;
      }
      this.plain = resolve;
      this.calls.set(-1n, { body, resolve, reject });
      this.socket.write(this.stream.packet(message));
    });
  }

  private enqueue(message: ClientMessage, call?: Call): void {
    this.queue.push(message);
    this.queuedCalls.push(call);
    if (this.flushing) return;
    this.flushing = true;
    queueMicrotask(() => this.flush());
  }

  private flush(): void {
    this.flushing = false;
    const { session } = this;
    if (!session || this.failure || this.queue.length === 0) return;
    const messages = this.queue.splice(0);
    const calls = this.queuedCalls.splice(0);
    if (this.acks.length > 0) messages.push({ body: mtEncode({ _: 'msgs_ack', msg_ids: this.acks.splice(0) }), content: false });
    const { packet, msgIds } = session.encrypt(messages);
    calls.forEach((call, index) => {
      if (call) this.calls.set(msgIds[index]!, call);
    });
    this.socket.write(this.stream.packet(packet));
  }

  private take(chunk: Uint8Array): void {
    try {
      for (const event of this.stream.push(chunk)) {
        if (event.type === 'error') {
          this.socket.destroy();
          this.fail(new Disconnected(`transport error ${event.code}`));
        } else if (event.type === 'packet') this.takePacket(event.data);
      }
    } catch (error) {
      this.socket.destroy();
      this.fail(error as Error);
    }
  }

  private takePacket(packet: Uint8Array): void {
    const plain = readPlainMessage(packet);
    if (plain) {
      this.calls.delete(-1n);
      this.plain?.(plain.body);
      return;
    }
    if (!this.session) throw new Error('an encrypted packet came before there was a session');
    for (const message of this.session.open(packet)) this.takeMessage(message);
    if (this.acks.length >= ACKS_ALONE) this.enqueue({ body: mtEncode({ _: 'msgs_ack', msg_ids: this.acks.splice(0) }), content: false });
  }

  private takeMessage(message: ServerMessage): void {
    if (message.seqNo % 2 !== 0) this.acks.push(message.msgId);
    const { body, answers } = message;
    if (answers !== undefined) {
      this.settle(answers, body);
      return;
    }
    const id = new DataView(body.buffer, body.byteOffset, 4).getUint32(0, true);
    if (!isServiceId(id)) {
      this.onUpdates(body);
      return;
    }
    const service = mtDecode(body);
    switch (service._) {
      case 'bad_server_salt':
        this.session!.salt = service.new_server_salt;
        this.repeat(service.bad_msg_id);
        break;
      case 'bad_msg_notification':
        this.settleError(service.bad_msg_id, new Error(`bad_msg_notification ${service.error_code}`));
        break;
      case 'pong':
        this.settle(service.msg_id, body);
        break;
      default:
        break;
    }
  }

  /** Sends calls again that the server refused for their salt: one, or all of a container. */
  private repeat(msgId: bigint): void {
    const refused = this.calls.has(msgId) ? [msgId] : [...this.calls.keys()];
    for (const id of refused) {
      const call = this.calls.get(id)!;
      this.calls.delete(id);
      this.enqueue({ body: call.body }, call);
    }
  }

  private settle(msgId: bigint, body: Uint8Array): void {
    const call = this.calls.get(msgId);
    if (!call) return;
    this.calls.delete(msgId);
    if (new DataView(body.buffer, body.byteOffset, 4).getUint32(0, true) === RPC_ERROR) {
      const error = mtDecode(body);
      call.reject(error._ === 'rpc_error' ? new RawRpcError(error.error_code, error.error_message) : new Error('rpc_error cannot be read'));
    } else call.resolve(body);
  }

  private settleError(msgId: bigint, error: Error): void {
    this.calls.get(msgId)?.reject(error);
    this.calls.delete(msgId);
  }

  private fail(error: Error): void {
    if (this.failure) return;
    this.failure = error;
    for (const call of [...this.calls.values(), ...this.queuedCalls]) call?.reject(error);
    this.calls.clear();
    this.queue.length = 0;
    this.queuedCalls.length = 0;
  }
}
