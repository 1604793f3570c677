import { createSecureServer, type Http2SecureServer, type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { Handshakes } from '@aerogram/link';
import { type Clock, type Endpoint, listenOn, type Logger } from '@aerogram/runtime';
import { respond } from '../calls/ask.ts';
import type { HomeIdentity } from '../identity/home-identity.ts';
import type { RelayLimits } from '../relay-limits.ts';
import { GREETING_PATH } from './outgoing-session.ts';
import { CERTIFICATE_REVOKED, cut, type HomeProof, proofOfSession, sessionOptions, watchSession } from './tls.ts';

/** Connections whose other end has not proved that it is a home. */
const HANDSHAKES = { maxOfStrangers: 64, maxOfNetwork: 8, maxOfMember: 256 };
/** Each process of a home opens one. */
const MAX_SESSIONS_OF_HOME = 256;

/** What a home has proved, and the address that it did so from. */
interface IncomingProof extends HomeProof {
  address: string;
}

interface ServerOptions {
  identity: HomeIdentity;
  clock: Clock;
  log: Logger;
  limits: RelayLimits;
  /** Whether links of a home are accepted now. */
  isWanted(dc: number): boolean;
  /** Whether the certificate of a home is still good: it begins no earlier than the date up to which those of that home were revoked. */
  isGood(proof: HomeProof): boolean;
  /** A certificate of a home was refused, because it was revoked. */
  onRefused(dc: number, address: string): void;
  /** Whether an address is that of another home. */
  isHomeAddress(address: string): boolean;
  /** A home has opened a link to this one. */
  onGreeting(dc: number): void;
  /** Handles a request of a home. @returns whether it knows it */
  onRequest(stream: ServerHttp2Stream, path: string, from: number): boolean;
}

/** Accepts the links of other homes. Who a home is, its certificate says. */
export class HomeServer implements AsyncDisposable {
  readonly #options: ServerOptions;
  readonly #sessions = new Map<ServerHttp2Session, IncomingProof>();
  readonly #sockets = new Set<Socket>();
  readonly #handshakes: Handshakes;
  #server: Http2SecureServer | undefined;
  #isEnded = false;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#handshakes = new Handshakes(HANDSHAKES, options.isHomeAddress);
  }

  /** Listens at an address. @returns it, with the port that was picked for 0. @throws as listenOn */
  async listen(endpoint: Endpoint): Promise<Endpoint> {
    const { identity, limits, log } = this.#options;
    const server = createSecureServer({ ...sessionOptions(identity), requestCert: true, rejectUnauthorized: true, allowHTTP1: false, handshakeTimeout: limits.silentMs });
    this.#server = server;
    server.on('connection', (socket: Socket) => this.#admit(socket));
    server.on('tlsClientError', (error: Error) => log.debug({ reason: error.message }, 'a connection to the port of data centres became no link'));
    server.on('sessionError', () => undefined);
    server.on('session', (session) => this.#begin(session));
    return listenOn(server, endpoint, 'AEROGRAM_DC_LINK_PORT');
  }

  /** Ends the links of homes that are not wanted any more, and those whose certificates were revoked since. */
  endUnwanted(): void {
    const { isWanted, isGood } = this.#options;
    for (const [session, proof] of this.#sessions) {
      if (!isWanted(proof.dc)) session.destroy();
      else if (!isGood(proof)) this.#refuse(session, proof);
    }
  }

  /** Ends the links of all. */
  endAll(): void {
    for (const session of this.#sessions.keys()) session.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnded = true;
    this.endAll();
    for (const socket of this.#sockets) socket.destroy();
    const server = this.#server;
    if (server?.listening === true) await new Promise<void>((resolve) => void server.close(() => resolve()));
  }

  #admit(socket: Socket): void {
    socket.on('error', () => undefined);
    if (this.#isEnded) return void socket.destroy();
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    this.#handshakes.begin(socket);
  }

  #begin(session: ServerHttp2Session): void {
    session.on('error', () => undefined);
    const proof = proofOfSession(session);
    const socket = this.#handshakes.proved(session.socket);
    const ofHome = [...this.#sessions.values()].filter((other) => other.dc === proof?.dc).length;
    if (proof === undefined || socket === undefined || this.#isEnded) return session.destroy();
    // Before they are counted: whoever has a certificate that was revoked must not take the places of the home itself.
    const incoming = { ...proof, address: session.socket.remoteAddress ?? '' };
    if (!this.#options.isGood(proof)) return this.#refuse(session, incoming);
    if (ofHome >= MAX_SESSIONS_OF_HOME) return session.destroy();
    this.#sessions.set(session, incoming);
    socket.once('close', () => this.#sessions.delete(session));
    watchSession(session, { ...this.#options, socket, end: (reason) => cut(session, socket, reason) });
    session.on('stream', (stream, headers) => this.#request(stream, headers, proof.dc));
  }

  #refuse(session: ServerHttp2Session, { dc, address }: IncomingProof): void {
    this.#options.onRefused(dc, address);
    session.destroy(new Error('the certificate was revoked'), CERTIFICATE_REVOKED);
  }

  #request(stream: ServerHttp2Stream, { ':path': path = '' }: IncomingHttpHeaders & { ':path'?: string }, dc: number): void {
    stream.on('error', () => undefined);
    const { isWanted, onGreeting, onRequest } = this.#options;
    if (!isWanted(dc)) return respond(stream, 403);
    if (path === GREETING_PATH) {
      respond(stream, 200);
      return onGreeting(dc);
    }
    if (!onRequest(stream, path, dc)) respond(stream, 404);
  }
}
