import type { ByteBudget, ByteHold } from '@aerogram/runtime';
import { isSealed, SessionLink, type TransportErrorCode } from '@aerogram/mtproto';
import type { ClientAddress } from '../client-address.ts';
import type { HttpWait } from '../carrier.ts';
import type { Carrier, GatewaySession } from '../sessions/gateway-session.ts';
import type { NoKey } from '../sessions/load-key.ts';
import type { HttpReply } from './http-reply.ts';
import type { HttpChannel, Seal, WaitingRequest } from './http-channel.ts';

/** Used if the client sends no `http_wait`. */
const DEFAULT_WAIT: HttpWait = { maxDelayMs: 0, waitAfterMs: 0, maxWaitMs: 25_000 };

const LONGEST_DELAY_MS = 5_000;
const LONGEST_WAIT_MS = 50_000;

/** One POST of the HTTP transport: one packet in, and one packet out if there is one. */
export class HttpExchange implements Carrier, WaitingRequest {
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly localPort: number;
  readonly isForwarded: boolean | undefined;
  wait = DEFAULT_WAIT;
  readonly #reply: HttpReply;
  readonly #channelOf: (session: GatewaySession) => HttpChannel;
  readonly #onForget: (session: GatewaySession) => void;
  readonly #mayAnswer: () => boolean;
  #channel: HttpChannel | undefined;
  #answered = false;
  /** Running calls that came with the request. */
  #calls = 0;
  #waitAsked = false;
  /** Bytes of a long request, which count until its calls are answered. */
  #hold: ByteHold | undefined;

  constructor(
    reply: HttpReply,
    channels: { of: (session: GatewaySession) => HttpChannel; forget: (session: GatewaySession) => void },
    { remoteAddress, localAddress, localPort, isForwarded }: ClientAddress,
    mayAnswer: () => boolean = () => true,
  ) {
    this.#mayAnswer = mayAnswer;
    this.remoteAddress = remoteAddress;
    this.localAddress = localAddress;
    this.localPort = localPort;
    this.isForwarded = isForwarded;
    this.#reply = reply;
    this.#channelOf = channels.of;
    this.#onForget = channels.forget;
    reply.onClosed((isSent) => this.#closed(isSent));
  }

  linkOf(session: GatewaySession): SessionLink {
    return this.#channelOf(session).link;
  }

  notify(session: GatewaySession): void {
    this.#channelOf(session).arrived();
  }

  sendLoose(packet: Uint8Array): void {
    this.respond(packet);
  }

  readonly aside = new SessionLink();

  /** HTTP requests are not deferred: parsing the header of each request slows such clients enough. */
  readonly budget = undefined;

  /** A client over HTTP is limited by its number of connections; running calls keep their request open. */
  countRequest(change: 1 | -1): void {
    this.#calls += change;
    if (this.#calls > 0) return;
    this.#hold?.set(0);
    this.#channel?.flush();
  }

  /**
   * Waits until there is room for a long request. Its bytes then count until its calls are answered or, if it has none, until `ended`.
   * @returns false if the client closed the connection before there was room
   */
  takeRoom(parts: ByteBudget, owner: string, bytes: number): Promise<boolean> {
    if (this.#answered) return Promise.resolve(false);
    return new Promise((resolve) => {
      const waiting = parts.whenRoom(owner, bytes, () => {
        this.#hold = parts.open(owner);
        this.#hold.set(bytes);
        resolve(true);
      });
      this.#reply.onClosed(() => {
        waiting[Symbol.dispose]();
        resolve(false);
      });
    });
  }

  /** The request was taken apart into its calls, or refused. */
  ended(): void {
    if (this.#calls === 0) this.#hold?.set(0);
  }

  get isReady(): boolean {
    return this.#calls === 0 || this.#waitAsked;
  }

  /** Over HTTP a session does not depend on a connection. */
  disconnectAfter(): void {}

  httpWait({ maxDelayMs, waitAfterMs, maxWaitMs }: HttpWait): void {
    this.#waitAsked = true;
    const within = (value: number, most: number): number => Math.min(Math.max(value, 0), most);
    this.wait = {
      maxDelayMs: within(maxDelayMs, LONGEST_DELAY_MS),
      waitAfterMs: within(waitAfterMs, LONGEST_DELAY_MS),
      maxWaitMs: within(maxWaitMs, LONGEST_WAIT_MS),
    };
  }

  finish(): void {
    this.#channel?.flush();
  }

  forget(session: GatewaySession): void {
    this.#onForget(session);
  }

  part(): void {
    this.#channel?.flush();
  }

  /** The packet was accepted: the request waits for what its session has to send. */
  waitFor(session: GatewaySession): void {
    if (this.#answered) return;
    this.#channel = this.#channelOf(session);
    this.#channel.add(this);
  }

  /**
   * Answers a packet that contains nothing new and may therefore be a recording. It is answered at once and gets nothing of what waits for
   * the client.
   */
  answerAside(session: GatewaySession, nowMs: number, seal: Seal): void {
    const packet = session.takeOutgoing(this.aside, nowMs) ?? new Uint8Array(0);
    this.respond(isSealed(packet) ? packet : seal(packet));
  }

  respond(packet: Uint8Array | Promise<Uint8Array>): void {
    if (packet instanceof Uint8Array) return this.#end(200, packet);
    if (this.#answered) return;
    // If the client closes the connection before the packet is sealed, its content goes with the next response.
    this.#answered = true;
    packet.then(
      (sealed) => this.#write(200, sealed),
      () => this.#reply.destroy(),
    );
  }

  /** Answers with a transport error, whose code is also the HTTP status. */
  fail(code: TransportErrorCode): void {
    const body = Buffer.alloc(4);
    body.writeInt32LE(code);
    this.#end(-code, body);
  }

  /** Answers with what another node has answered. */
  pass(status: number, body: Uint8Array): void {
    if (this.#answered) return;
    this.#answered = true;
    this.#reply.send(status, body);
  }

  /** See `HttpReply.isClosed`. */
  get isClosed(): boolean {
    return this.#reply.isClosed;
  }

  /** See `HttpReply.onClosed`. */
  onClosed(listener: (isSent: boolean) => void): void {
    this.#reply.onClosed(listener);
  }

  /** Answers a packet whose key was not found. */
  refuse(why: NoKey): void {
    if (why === 'failed') this.abort();
    else this.fail(why === 'limited' ? -429 : -404);
  }

  /** Answers with an empty body. */
  acknowledge(): void {
    this.#end(200, new Uint8Array(0));
  }

  /** Closes the connection without an answer. */
  abort(): void {
    if (this.#answered) return;
    this.#answered = true;
    this.#reply.destroy();
  }

  #end(status: number, body: Uint8Array): void {
    if (this.#answered) return;
    this.#answered = true;
    this.#write(status, body);
  }

  #write(status: number, body: Uint8Array): void {
    if (this.#mayAnswer()) this.#reply.send(status, body);
    else this.#reply.destroy();
  }

  #closed(isSent: boolean): void {
    if (!this.#answered) {
      this.#answered = true;
      this.#channel?.drop(this);
    } else if (!isSent) {
      this.#channel?.lose();
    }
  }
}
