import type { IncomingMessage, ServerResponse } from 'node:http';
import { type DecryptedMessage, decryptMessage, HandshakeRuns, packetKeyId } from '@aerogram/mtproto';
import { type ClientAddress, clientOfRequest } from '../client-address.ts';
import { answerPlain, type GatewayServices } from '../gateway-services.ts';
import { isLong, logFault, openLong, ownerOf } from '../long-packets.ts';
import { nameAccount } from '../accounts.ts';
import type { GatewaySession, KeyEntry } from '../sessions/gateway-session.ts';
import { loadKey } from '../sessions/load-key.ts';
import { HttpChannel, type Seal } from './http-channel.ts';
import { isOriginAllowed } from './allowed-origin.ts';
import { passRequest } from './relay-request.ts';
import type { RelayedReply, RelayedRequest } from './relayed-reply.ts';
import { HttpExchange } from './http-exchange.ts';
import { ClientReply, CORS_HEADERS, type HttpReply } from './http-reply.ts';

/** Handshakes over HTTP that may be under way. Each step may come over another connection, so they are not limited per connection. */
const MAX_HANDSHAKES = 2_000;
/** A session whose client sends no request for this long counts as disconnected, in milliseconds. */
const CHANNEL_MS = 30_000;
/** `/api`, `/apiw1`, `/apiws` with the suffixes for test servers and premium (rule P8, path suffixes). */
const API_PATH = /^\/api(?:w(?:1|s|_test1)?(?:_test)?(?:_premium)?)?$/;

/** Whether a path belongs to MTProto, over HTTP or WebSocket. */
export function isApiPath(url: string | undefined): boolean {
  return API_PATH.test((url ?? '').split('?', 1)[0]!);
}

/** The HTTP transport: POST requests that carry one packet each and are answered with one. */
export class HttpEndpoint {
  readonly #services: GatewayServices;
  readonly #handshakes: HandshakeRuns;
  readonly #channels = new Map<GatewaySession, HttpChannel>();
  #stopped = false;

  constructor(services: GatewayServices) {
    this.#services = services;
    this.#handshakes = new HandshakeRuns(services.handshake, { limit: MAX_HANDSHAKES, lifetimeMs: 60_000 });
  }

  /**
   * Handles a request if it is for MTProto. Never throws.
   * @param client the client's addresses, if another process has found them out
   * @returns false when the request is not for MTProto
   */
  handle(request: IncomingMessage, response: ServerResponse, client?: ClientAddress): boolean {
    if (!isApiPath(request.url)) return false;
    if (!isOriginAllowed(request, this.#services.webOrigins)) {
      // Without CORS headers, so that the page only learns that the request failed.
      response.writeHead(403, { 'Content-Length': 0 }).end();
      request.resume();
    } else if (request.method === 'OPTIONS') {
      response.writeHead(200, { ...CORS_HEADERS, 'Content-Length': 0 }).end();
      request.resume();
    } else if (this.#stopped) {
      response.writeHead(503, { ...CORS_HEADERS, Connection: 'close', 'Content-Length': 0 }).end();
      request.resume();
    } else if (request.method === 'POST') {
      this.#receive(request, response, client);
    } else {
      response.writeHead(405, { ...CORS_HEADERS, Allow: 'POST, OPTIONS', 'Content-Length': 0 }).end();
      request.resume();
    }
    return true;
  }

  /** Forgets sessions whose clients no longer send requests. */
  watch(nowMs: number): void {
    for (const [session, channel] of this.#channels) {
      if (session.ended || channel.isUnused(nowMs, CHANNEL_MS)) this.#forget(session);
    }
  }

  /** Accepts no more packets; running requests are still answered. */
  stop(): void {
    this.#stopped = true;
  }

  /** Answers all waiting requests. */
  close(): void {
    for (const session of this.#channels.keys()) this.#forget(session);
  }

  #receive(request: IncomingMessage, response: ServerResponse, client = clientOfRequest(request, this.#services.trusted)): void {
    const { packetLimit } = this.#services;
    const chunks: Uint8Array[] = [];
    let length = 0;
    const tooLong = (): void => {
      response.writeHead(413, { ...CORS_HEADERS, Connection: 'close', 'Content-Length': 0 }).end();
      request.resume();
    };
    if (Number(request.headers['content-length'] ?? 0) > packetLimit) return tooLong();
    request.on('data', (chunk: Uint8Array) => {
      if (length > packetLimit) return;
      length += chunk.length;
      if (length > packetLimit) tooLong();
      else chunks.push(chunk);
    });
    request.on('error', () => response.destroy());
    request.on('end', () => {
      if (length > packetLimit) return;
      const exchange = this.#exchange(new ClientReply(response), client);
      this.#answer(exchange, chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).catch((error: unknown) => {
        logFault(this.#services.log, error, 'a request failed');
        exchange.abort();
      });
    });
  }

  /** Answers a request that came to another node. Never throws. */
  receiveRelayed(reply: RelayedReply, client: ClientAddress, request: RelayedRequest): void {
    const exchange = this.#exchange(reply, client);
    this.#answerRelayed(reply, exchange, request).catch((error: unknown) => {
      logFault(this.#services.log, error, 'a request failed');
      exchange.abort();
    });
  }

  async #answerRelayed(reply: RelayedReply, exchange: HttpExchange, { data, generation }: RelayedRequest): Promise<void> {
    const nodes = this.#services.nodes!;
    const keyId = packetKeyId(data);
    while (!reply.isClosed) {
      if (generation > nodes.generation) nodes.heardOf(generation);
      const place = generation > nodes.generation ? 'later' : keyId === 0n ? 'here' : nodes.placeOf(keyId);
      if (place === 'later') await nodes.changed();
      else if (place !== 'here') return reply.refuse(nodes.generation);
      else if (await this.#answerHere(exchange, data)) return;
    }
  }

  #exchange(reply: HttpReply, client: ClientAddress): HttpExchange {
    const { nodes } = this.#services;
    const channels = {
      of: (session: GatewaySession) => this.#channelOf(session),
      forget: (session: GatewaySession) => this.#forget(session),
    };
    return new HttpExchange(reply, channels, client, nodes && (() => nodes.mayAnswer()));
  }

  async #answer(exchange: HttpExchange, packet: Uint8Array): Promise<void> {
    if (packet.length < 24) return exchange.fail(-404);
    const { nodes } = this.#services;
    while (nodes === undefined || (await passRequest(nodes, this.#services, exchange, packet))) {
      if (await this.#answerHere(exchange, packet)) return;
    }
  }

  /** @returns false if another node serves the key meanwhile */
  async #answerHere(exchange: HttpExchange, packet: Uint8Array): Promise<boolean> {
    const { clock, keys, packets, parts, nodes } = this.#services;
    const keyId = packetKeyId(packet);
    const isHere = (): boolean => nodes === undefined || nodes.placeOf(keyId) === 'here';
    if (keyId === 0n) return this.#answerPlain(exchange, packet);
    const found = keys.peek(keyId, clock.nowMs()) ?? (await loadKey(this.#services, keyId, exchange.remoteAddress));
    if (typeof found !== 'object') return done(exchange.refuse(found));
    if (!isHere()) return false;
    if (!isLong(packet)) return done(this.#route(exchange, found, decryptMessage(found.key, packet)));
    if (!(await exchange.takeRoom(parts, ownerOf(found), packet.length))) return true;
    try {
      const message = await openLong(packets, found, packet);
      // Its bytes are gone, so the client has to repeat it.
      if (!isHere()) return done(exchange.abort());
      // The key may have ended meanwhile; then it is looked up as for any other packet.
      const usable = found.isUsable(clock.nowMs()) ? found : await loadKey(this.#services, keyId, exchange.remoteAddress);
      if (typeof usable !== 'object') exchange.refuse(usable);
      else if (isHere()) this.#route(exchange, usable, message);
      else exchange.abort();
      return true;
    } finally {
      exchange.ended();
    }
  }

  #route(exchange: HttpExchange, entry: KeyEntry, message: DecryptedMessage | undefined): void {
    const { clock, router, metrics, scheduler } = this.#services;
    metrics.packet('in');
    scheduler.recordArrival();
    const received = router.receive(exchange, entry, message, clock.nowMs());
    if (received.kind === 'accepted') {
      if (received.isNews) exchange.waitFor(received.session);
      else exchange.answerAside(received.session, clock.nowMs(), this.#sealFor(received.session));
    } else if (received.kind === 'undecryptable') exchange.abort();
    else if (received.kind === 'full') exchange.fail(-429);
  }

  #sealFor(session: GatewaySession): Seal {
    return (packet) => this.#services.packets.sealPacket(packet, nameAccount(session.userId));
  }

  async #answerPlain(exchange: HttpExchange, packet: Uint8Array): Promise<true> {
    const answer = await answerPlain(this.#services, this.#handshakes, packet, exchange.remoteAddress);
    if (answer.kind === 'packet') exchange.respond(answer.packet);
    else if (answer.kind === 'error') exchange.fail(answer.code);
    else if (answer.kind === 'none') exchange.acknowledge();
    else exchange.abort();
    return true;
  }

  #channelOf(session: GatewaySession): HttpChannel {
    let channel = this.#channels.get(session);
    if (!channel) {
      channel = new HttpChannel(session, this.#services.clock, this.#sealFor(session));
      this.#channels.set(session, channel);
    }
    return channel;
  }

  #forget(session: GatewaySession): void {
    const channel = this.#channels.get(session);
    if (!channel) return;
    this.#channels.delete(session);
    channel.close();
    this.#services.table.closed(session, channel.link, this.#services.clock.nowMs());
  }
}

/** The exchange is dealt with. */
const done = (_: void): true => true;
