import type { Socket } from 'node:net';
import { connect, createServer, type Server, type TLSSocket } from 'node:tls';
import { type Clock, type Endpoint, listenOn, type Logger, type Metrics, type Random, type TimerHandle } from '@aerogram/runtime';
import { type Greeting, writeRequest } from './bodies.ts';
import type { LinkCertificates } from './certificates/link-certificates.ts';
import { LinkFault } from './frames.ts';
import { type HandshakeLimits, Handshakes } from './handshakes.ts';
import { Link, LINK_LIMITS, type LinkLimits } from './link.ts';
import type { Channel, ChannelEvents } from './channel.ts';
import type { CallHandler } from './link-calls.ts';
import type { ChannelHandler } from './link-channels.ts';
import { HTTP_PROTOCOL, HttpConnections, LinkAgent } from './link-http.ts';
import { LinkError } from './link-error.ts';
import { linkCalls, linkRefusals, linksUp } from './link-metrics.ts';

/** Another node, as its row says. */
export interface LinkMember {
  name: string;
  /** Its incarnation: a link to another one is ended. */
  token: bigint;
  /** Where it listens for links. */
  endpoint: Endpoint;
}

/** What a hub needs. */
export interface LinkHubOptions {
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  random: Random;
  /** They say the name of this node. The hub does not dispose them. */
  certificates: LinkCertificates;
  /** The incarnation of this node. */
  token: bigint;
  limits?: Partial<LinkLimits>;
  handshakes?: Partial<HandshakeLimits>;
}

/** The pause before a member is dialled again, in milliseconds: it doubles up to the last value, and half of it is left to chance. */
const REDIAL_MS = { first: 100, last: 5000 };
/** See HandshakeLimits. */
const HANDSHAKES: HandshakeLimits = { maxOfStrangers: 64, maxOfNetwork: 8, maxOfMember: 1024 };
/** Connections of nodes that have not greeted; more are closed at once. */
const MAX_GREETING = 64;

interface Dialling {
  member: LinkMember;
  failures: number;
  timer: TimerHandle | undefined;
  link: Link | undefined;
}

/**
 * The links of this node to the other members: one connection for each pair, which the node with the lower name opens. Both ends prove their names.
 */
export class LinkHub implements AsyncDisposable {
  readonly #options: LinkHubOptions;
  readonly #limits: LinkLimits;
  readonly #members = new Map<string, LinkMember>();
  readonly #dialling = new Map<string, Dialling>();
  readonly #up = new Map<string, Link>();
  /** All connections, also those that are no links yet. */
  readonly #links = new Set<Link>();
  readonly #sockets = new Set<{ destroy(): void }>();
  readonly #handshakes: Handshakes;
  readonly #calls = new Map<string, CallHandler>();
  readonly #tells = new Map<string, (body: Uint8Array, from: string) => void>();
  readonly #http = new HttpConnections();
  /** Those that this node has opened. */
  readonly #requests = new HttpConnections();
  readonly #onUp = new Set<(node: string) => void>();
  readonly #onDown = new Set<(node: string) => void>();
  #onChannel: ChannelHandler | undefined;
  #server: Server | undefined;
  #isEnded = false;

  constructor(options: LinkHubOptions) {
    this.#options = options;
    this.#limits = { ...LINK_LIMITS, ...options.limits };
    const isMember = (address: string): boolean => Array.from(this.#members.values()).some(({ endpoint }) => endpoint.host === address);
    this.#handshakes = new Handshakes({ ...HANDSHAKES, ...options.handshakes }, isMember);
  }

  /** Opens connections for HTTP requests to other nodes, beside the links; the host of a request is the name of a node. */
  readonly agent = new LinkAgent((node) => this.#connectHttp(node));

  /** Names of the members that there is a link to. */
  get up(): string[] {
    return [...this.#up.keys()];
  }

  /** Accepts links at an address. @returns it, with the port that was picked for 0. @throws as listenOn */
  async listen(endpoint: Endpoint): Promise<Endpoint> {
    const { certificates } = this.#options;
    const server = createServer({ ...certificates.options, requestCert: true, rejectUnauthorized: true, ALPNProtocols: [HTTP_PROTOCOL], handshakeTimeout: this.#limits.silentMs });
    this.#server = server;
    certificates.onRenewal(() => server.setSecureContext(certificates.options));
    server.on('connection', (socket) => this.#admit(socket));
    server.on('tlsClientError', (error) => this.#refused(error.message));
    server.on('secureConnection', (socket) => this.#accept(socket));
    return await listenOn(server, endpoint, 'the address of links');
  }

  /** Says who the members are. Links to others, and to other incarnations, end; links to those that were told before stay. This node itself is left out. */
  setMembers(members: readonly LinkMember[]): void {
    if (this.#isEnded) return;
    const others = new Map(members.filter(({ name }) => name !== this.#name).map((member) => [member.name, member]));
    for (const [name, { token, endpoint }] of this.#members) {
      const now = others.get(name);
      if (now && now.token === token && now.endpoint.host === endpoint.host && now.endpoint.port === endpoint.port) continue;
      this.#forget(name);
    }
    for (const [name, member] of others) {
      if (this.#members.has(name)) continue;
      this.#members.set(name, member);
      if (this.#name < name) {
        const dialling: Dialling = { member, failures: 0, timer: undefined, link: undefined };
        this.#dialling.set(name, dialling);
        this.#dial(dialling);
      }
    }
  }

  /**
   * Asks another node. Rejects at once if there is no link, and when the link ends.
   * @param options.timeoutMs from now on
   * @throws LinkError
   */
  call(node: string, kind: string, body: Uint8Array, { timeoutMs }: { timeoutMs: number }): Promise<Uint8Array> {
    const link = this.#up.get(node);
    if (link) return link.calls.call(writeRequest(kind, body), timeoutMs);
    this.#options.metrics.counter(linkCalls).inc({ outcome: 'down' });
    return Promise.reject(new LinkError('down', `no link to ${node}`));
  }

  /** Tells another node something; what is told over one link comes in order. @returns false if there is no link, or too much waits for it */
  tell(node: string, kind: string, body: Uint8Array): boolean {
    return this.#up.get(node)?.tell(writeRequest(kind, body)) ?? false;
  }

  /** Answers calls of a kind. Those that are short begin in the order in which they were made. */
  onCall(kind: string, handler: CallHandler): void {
    this.#calls.set(kind, handler);
  }

  /** Sets the handler of one kind of message that needs no answer. Its errors are logged. */
  onTell(kind: string, handler: (body: Uint8Array, from: string) => void): void {
    this.#tells.set(kind, handler);
  }

  /**
   * Opens a channel to another node.
   * @param hello tells the other node what it is for
   * @param listen says who is told of what comes
   * @returns nothing if there is no link, or too many channels over it
   */
  openChannel(node: string, hello: Uint8Array, listen: (channel: Channel) => ChannelEvents): Channel | undefined {
    const link = this.#up.get(node);
    return link?.isUp === true ? link.channels.open(hello, listen) : undefined;
  }

  /** Sets who decides about channels that other nodes open. Without it they are closed. */
  onChannel(handler: ChannelHandler): void {
    this.#onChannel = handler;
  }

  /** Sets who handles the connections that other nodes open for HTTP requests. */
  onHttpConnection(take: (socket: TLSSocket) => void): void {
    this.#http.onConnection(take);
  }

  /** Calls `listener` when there is a link to a node. */
  onUp(listener: (node: string) => void): void {
    this.#onUp.add(listener);
  }

  /** Calls `listener` when there is none any more; each link that came up goes down once. */
  onDown(listener: (node: string) => void): void {
    this.#onDown.add(listener);
  }

  /** Ends all links at once; calls under way reject. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnded = true;
    this.agent.destroy();
    for (const name of this.#members.keys()) this.#forget(name);
    for (const link of this.#links) link.end('this node ends');
    for (const socket of this.#sockets) socket.destroy();
    const server = this.#server;
    if (server?.listening === true) await new Promise<void>((resolve) => void server.close(() => resolve()));
  }

  get #name(): string {
    return this.#options.certificates.name;
  }

  #forget(name: string): void {
    this.#members.delete(name);
    const dialling = this.#dialling.get(name);
    this.#dialling.delete(name);
    dialling?.timer?.cancel();
    dialling?.link?.end('no member any more');
    this.#up.get(name)?.end('no member any more');
    this.#http.end(name);
    this.#requests.end(name);
  }

  #admit(socket: Socket): void {
    socket.on('error', () => undefined);
    if (this.#isEnded) return void socket.destroy();
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    if (this.#handshakes.begin(socket)) this.#options.log.debug('idle connections to the port of links made room for others');
  }

  #accept(socket: TLSSocket): void {
    this.#handshakes.proved(socket);
    if (socket.alpnProtocol === HTTP_PROTOCOL) return this.#beginHttp(socket);
    if (this.#links.size - this.#up.size < MAX_GREETING + this.#dialling.size) return void this.#begin(socket, undefined);
    this.#refused('too many connections of nodes that do not greet');
    socket.destroy();
  }

  #connectHttp(node: string): TLSSocket {
    const member = this.#members.get(node);
    // A node without a link may never answer. Port 0 cannot be reached, so who asks gets the error of the connection.
    const endpoint = member && this.#up.has(node) ? member.endpoint : { host: '127.0.0.1', port: 0 };
    const socket = this.#connect(node, endpoint, { ALPNProtocols: [HTTP_PROTOCOL] });
    this.#requests.keep(node, socket);
    // Until there is a connection, nothing is read from the client either, so no time limit of its request would end it.
    const timer = this.#options.clock.setTimeout(() => socket.destroy(new LinkError('timeout', `no connection to ${node} in time`)), this.#limits.silentMs);
    for (const event of ['secureConnect', 'close']) socket.once(event, () => timer.cancel());
    return socket;
  }

  /** Opens a connection to a node that must prove its name. */
  #connect(name: string, endpoint: Endpoint, options: { ALPNProtocols?: string[] } = {}): TLSSocket {
    return connect({
      ...this.#options.certificates.options, ...endpoint, ...options, rejectUnauthorized: true,
      checkServerIdentity: (_, { subject }) => (subject.CN === name ? undefined : new LinkFault('a node with another name')),
    });
  }

  #beginHttp(socket: TLSSocket): void {
    const name = String(socket.getPeerCertificate().subject?.CN);
    if (!this.#members.has(name) || !this.#http.add(name, socket)) {
      this.#refused('a request of a node that is no member, or too many of one');
      socket.destroy();
    }
  }

  #refused(reason: string): void {
    this.#options.metrics.counter(linkRefusals).inc();
    this.#options.log.debug({ reason }, 'a connection became no link');
  }

  #dial(dialling: Dialling): void {
    const { name, endpoint } = dialling.member;
    dialling.timer = undefined;
    const socket = this.#connect(name, endpoint);
    const link = this.#begin(socket, dialling);
    dialling.link = link;
    // Not before the other end has proved its name.
    socket.once('secureConnect', () => link.greet());
  }

  #begin(socket: TLSSocket, dialling: Dialling | undefined): Link {
    socket.setNoDelay(true);
    const { clock, log, metrics, token } = this.#options;
    const link = new Link(socket, {
      clock, log, metrics, limits: this.#limits, calls: this.#calls, tells: this.#tells,
      self: { name: this.#name, token },
      isOpener: dialling !== undefined,
      channelHandler: () => this.#onChannel,
      judge: (greeting) => this.#judge(greeting, socket, dialling),
      onUp: (up) => this.#cameUp(up, dialling),
      onEnd: (ended, reason) => this.#ended(ended, reason, dialling),
    });
    this.#links.add(link);
    return link;
  }

  #judge({ name, token }: Greeting, socket: TLSSocket, dialling: Dialling | undefined): void {
    if (socket.getPeerCertificate().subject?.CN !== name) throw new LinkFault('the certificate has another name than the greeting');
    const member = this.#members.get(name);
    if (member?.token !== token) throw new LinkFault('no member, or another incarnation of one');
    if (dialling ? dialling.member.name !== name : name >= this.#name) throw new LinkFault('the other end of this pair opens its link');
  }

  #cameUp(link: Link, dialling: Dialling | undefined): void {
    // The members may have changed since the greeting.
    if (this.#members.get(link.name)?.token !== link.token) throw new LinkFault('no member any more');
    // The node that opens links has given up an older one, or it would not open another.
    this.#up.get(link.name)?.end('the other end opened another');
    this.#up.set(link.name, link);
    if (dialling) dialling.failures = 0;
    this.#tellState(link, 'there is a link to another node');
    for (const listener of this.#onUp) listener(link.name);
  }

  #ended(link: Link, reason: string, dialling: Dialling | undefined): void {
    this.#links.delete(link);
    const wasUp = this.#up.get(link.name) === link;
    if (wasUp) this.#up.delete(link.name);
    else this.#refused(reason);
    if (dialling && this.#dialling.get(dialling.member.name) === dialling) this.#redial(dialling);
    if (!wasUp) return;
    // Requests to a node that is silent would wait for ever.
    this.#requests.end(link.name);
    this.#tellState(link, `a link to another node ended: ${reason}`);
    for (const listener of this.#onDown) listener(link.name);
  }

  #tellState({ name }: Link, words: string): void {
    this.#options.metrics.gauge(linksUp).set(this.#up.size);
    this.#options.log.info({ node: name }, words);
  }

  #redial(dialling: Dialling): void {
    dialling.link = undefined;
    const most = Math.min(REDIAL_MS.last, REDIAL_MS.first * 2 ** dialling.failures++);
    const chance = this.#options.random.uint31() / 2 ** 31;
    dialling.timer = this.#options.clock.setTimeout(() => this.#dial(dialling), (most / 2) * (1 + chance));
  }
}
