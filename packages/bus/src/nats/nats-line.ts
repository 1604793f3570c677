import { connect as connectSocket } from 'node:net';
import { type Clock, type Logger, OperatorError, type Random, type TimerHandle } from '@aerogram/runtime';
import type { ConnectionOptions, Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { NatsServers } from './nats-servers.ts';

/** Longest time for reaching a server, and for its answer to a ping, in milliseconds. */
const ANSWER_MS = 5_000;

/** Longest pause after the first attempt to connect; each further one is up to twice as long, in milliseconds. */
const FIRST_PAUSE_MS = 250;

/** Longest pause between attempts, in milliseconds. */
const LONGEST_PAUSE_MS = 5_000;

/** Bytes sent after which the server is asked for an answer. */
const ASK_AFTER_BYTES = 1024 * 1024;

/** Bytes that may be without an answer; further messages are refused. */
const MAX_UNANSWERED_BYTES = 16 * 1024 * 1024;

/** Longest time for the last messages when the line is closed, in milliseconds. */
const LAST_WORDS_MS = 500;

/** What a line to NATS needs. */
export interface LineOptions {
  servers: NatsServers;
  /** Name of the connection, which NATS shows to its operators. */
  name: string;
  clock: Clock;
  random: Random;
  log: Logger;
  /** The server has all subscriptions. */
  onConnected(): void;
  onDisconnected(): void;
  /** Called with each message of a subject that is subscribed to; the bytes are only valid during the call. */
  onMessage(bytes: Uint8Array): void;
}

/**
 * One connection to NATS, opened again whenever it ends. Nothing waits for it: what is sent while it is away is refused. The client library
 * keeps without a limit what it cannot send, and its own reconnecting sends that late, so neither is used.
 */
export class NatsLine {
  readonly #options: LineOptions;
  readonly #subjects = new Map<string, Subscription | undefined>();
  #connection: NatsConnection | undefined;
  /** Whether the server has confirmed the subscriptions of this connection. */
  #isReady = false;
  #isClosed = false;
  #pauses = 0;
  #pause: TimerHandle | undefined;
  #unanswered = 0;
  #askedMs: number | undefined;
  readonly #firstAttempt: Promise<void>;
  #endFirstAttempt!: (error?: Error) => void;

  constructor(options: LineOptions) {
    this.#options = options;
    this.#firstAttempt = new Promise((resolve, reject) => {
      this.#endFirstAttempt = (error) => (error === undefined ? resolve() : reject(error));
    });
    // Whoever does not ask how the first attempt went is not disturbed by it.
    this.#firstAttempt.catch(() => {});
  }

  get isConnected(): boolean {
    return this.#isReady;
  }

  /** Longest message in bytes; 0 while not connected. */
  get maxPayload(): number {
    return this.#connection?.info?.max_payload ?? 0;
  }

  /** See `NatsBus.opened`. */
  get opened(): Promise<void> {
    return this.#firstAttempt;
  }

  /** Begins to connect. */
  open(): void {
    void this.#attempt();
  }

  subscribe(subject: string): void {
    this.#subjects.set(subject, this.#subscribeNow(subject));
  }

  unsubscribe(subject: string): void {
    this.#subjects.get(subject)?.unsubscribe();
    this.#subjects.delete(subject);
  }

  /** Sends a message, unless the line is away or the server is too slow; never waits. @returns why it was not sent */
  send(subject: string, bytes: Uint8Array): 'away' | 'slow' | undefined {
    const connection = this.#connection;
    if (connection === undefined || !this.#isReady || connection.isClosed()) return 'away';
    if (this.#unanswered + bytes.length > MAX_UNANSWERED_BYTES) return 'slow';
    try {
      connection.publish(subject, bytes);
    } catch (error) {
      this.#options.log.warn({ err: error }, 'NATS takes no message');
      return 'away';
    }
    this.#unanswered += bytes.length;
    if (this.#unanswered >= ASK_AFTER_BYTES) this.#ask(connection);
    return undefined;
  }

  /** To be called each second: asks whether the server still answers, and gives the connection up if it does not. */
  check(): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    const { clock, log } = this.#options;
    if (this.#askedMs === undefined) this.#ask(connection);
    else if (clock.monotonicMs() - this.#askedMs > ANSWER_MS) {
      log.warn('NATS does not answer; the connection is closed');
      void connection.close();
    }
  }

  /** Closes the connection after what was sent, if that takes no more than half a second. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#pause?.cancel();
    this.#endFirstAttempt();
    const connection = this.#connection;
    if (connection === undefined) return;
    let timer: TimerHandle | undefined;
    const timeout = new Promise<void>((resolve) => (timer = this.#options.clock.setTimeout(resolve, LAST_WORDS_MS)));
    await Promise.race([connection.flush().catch(() => {}), timeout]);
    timer?.cancel();
    await connection.close();
  }

  async #attempt(): Promise<void> {
    const { servers, log } = this.#options;
    try {
      const { connect } = await import('@nats-io/transport-node');
      const server = await this.#findReachable();
      if (this.#isClosed) return;
      const connection = await connect(await this.#connectionOptions(server));
      if (this.#isClosed) {
        await connection.close();
        return;
      }
      this.#took(connection);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal !== undefined) this.#endFirstAttempt(new OperatorError(`NATS at ${servers.servers.join(', ')} ${refusal}`));
      this.#endFirstAttempt();
      const context = { servers: servers.servers, err: error };
      if (refusal !== undefined) log.error(context, `NATS ${refusal}`);
      else log[this.#pauses === 0 ? 'warn' : 'debug'](context, 'NATS is away; hints stay on this node until it is back');
      this.#attemptLater();
    }
  }

  /** Asks for a first byte before the client library connects, which leaves its socket open when a server takes a connection and says nothing. */
  async #findReachable(): Promise<string> {
    const found = await Promise.all(this.#options.servers.servers.map(async (server) => ((await this.#greets(server)) ? server : undefined)));
    const reachable = found.filter((server) => server !== undefined);
    const server = reachable[this.#options.random.uint31() % reachable.length];
    if (server === undefined) throw new Error('no server answers');
    return server;
  }

  #greets(server: string): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connectSocket({ host: hostOf(server), port: Number(new URL(`nats://${server}`).port) });
      const timer = this.#options.clock.setTimeout(() => end(false), ANSWER_MS);
      const end = (greets: boolean): void => {
        timer.cancel();
        socket.destroy();
        resolve(greets);
      };
      socket.once('data', () => end(true));
      socket.on('error', () => end(false));
      socket.once('close', () => end(false));
    });
  }

  async #connectionOptions(server: string): Promise<ConnectionOptions> {
    const { user, password, token, credentials, ca, tls } = this.#options.servers;
    const { credsAuthenticator } = await import('@nats-io/transport-node');
    // The client library names no host where the server is an address, and Node.js would then look for localhost in the certificate.
    const encrypted = { host: hostOf(server), ...(ca !== undefined && { ca }) };
    return {
      servers: server,
      name: this.#options.name,
      reconnect: false,
      noEcho: true,
      noAsyncTraces: true,
      ignoreClusterUpdates: true,
      timeout: ANSWER_MS,
      // The line asks by itself.
      pingInterval: 24 * 3_600_000,
      tls: tls ? encrypted : null,
      ...(user !== undefined && { user }),
      ...(password !== undefined && { pass: password }),
      ...(token !== undefined && { token }),
      ...(credentials !== undefined && { authenticator: credsAuthenticator(new TextEncoder().encode(credentials)) }),
    };
  }

  #took(connection: NatsConnection): void {
    const { clock, log, onConnected } = this.#options;
    this.#connection = connection;
    this.#unanswered = 0;
    this.#askedMs = clock.monotonicMs();
    for (const subject of this.#subjects.keys()) this.#subjects.set(subject, this.#subscribeNow(subject));
    connection.flush().then(
      () => {
        if (this.#connection !== connection) return;
        this.#askedMs = undefined;
        this.#pauses = 0;
        this.#isReady = true;
        log.info({ server: connection.getServer() }, 'connected to NATS');
        this.#endFirstAttempt();
        onConnected();
      },
      // `closed` says more.
      () => {},
    );
    void this.#listen(connection);
    void connection.closed().then((error) => this.#ended(connection, error ?? undefined));
  }

  /** Reports what NATS complains about, such as a subject that this user may not use. */
  async #listen(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'error') this.#options.log.error({ err: status.error }, 'NATS refuses something');
    }
  }

  #ended(connection: NatsConnection, error: Error | undefined): void {
    if (this.#connection !== connection) return;
    const wasReady = this.#isReady;
    this.#connection = undefined;
    this.#isReady = false;
    for (const subject of this.#subjects.keys()) this.#subjects.set(subject, undefined);
    this.#endFirstAttempt();
    if (this.#isClosed) return;
    this.#options.log.warn({ err: error }, 'the connection to NATS ended; hints stay on this node until it is back');
    if (wasReady) this.#options.onDisconnected();
    this.#attemptLater();
  }

  #attemptLater(): void {
    if (this.#isClosed) return;
    const { clock, random } = this.#options;
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#pauses);
    // Nodes that lost the same server do not come back at the same moment.
    const ms = longest / 2 + (random.uint31() / 2 ** 31) * (longest / 2);
    this.#pauses = Math.min(this.#pauses + 1, 10);
    this.#pause = clock.setTimeout(() => void this.#attempt(), ms);
  }

  #subscribeNow(subject: string): Subscription | undefined {
    const connection = this.#connection;
    if (connection === undefined || connection.isClosed()) return undefined;
    return connection.subscribe(subject, { callback: (error, message) => this.#hear(error, message) });
  }

  /** An exception would end the reading of the client library without a word. */
  #hear(error: Error | null, message: Msg): void {
    const { log, onMessage } = this.#options;
    try {
      if (error === null) onMessage(message.data);
    } catch (failure) {
      log.error({ err: failure }, 'a message of NATS was not handled');
    }
  }

  #ask(connection: NatsConnection): void {
    if (this.#askedMs !== undefined) return;
    this.#askedMs = this.#options.clock.monotonicMs();
    const asked = this.#unanswered;
    connection.flush().then(
      () => {
        if (this.#connection !== connection) return;
        this.#unanswered -= asked;
        this.#askedMs = undefined;
        if (this.#unanswered >= ASK_AFTER_BYTES) this.#ask(connection);
      },
      // The connection ended.
      () => {},
    );
  }
}

/** The host of `host:port`, an IPv6 address without its brackets. */
function hostOf(server: string): string {
  return new URL(`nats://${server}`).hostname.replace(/^\[|\]$/g, '');
}

/** The error to show to the operator if NATS cannot accept this node until they change something; undefined for an error that may pass by itself. */
function refusalOf(error: unknown): string | undefined {
  const { name, code, message } = error as { name?: string; code?: unknown; message?: string };
  if (name === 'AuthorizationError' || name === 'UserAuthenticationExpiredError') return 'refuses these credentials';
  if (typeof code === 'string' && /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS/.test(code)) return `shows a certificate that is not trusted (${message ?? code})`;
  if (typeof message === 'string' && /does not support 'tls'|is not available on this server/.test(message)) return 'speaks no TLS, but AEROGRAM_NATS_URL says tls://';
  if (typeof message === 'string' && /tls/i.test(message) && !message.includes('timeout')) return `and AEROGRAM_NATS_URL do not agree about TLS (${message})`;
  return undefined;
}
