import { type ClientKey, ClientSession, openWire, serviceMessage, type ServerMessage, type Wire } from '@aerogram/mtproto/client';
import { systemRandom } from '@aerogram/runtime';
import { type Outcome, sourceAddress } from './outcome.ts';

/** Longer packets are opened only now and then, because the generator shares the cores with the server. */
const LONG_BYTES = 64 * 1024;
/** One of this many long packets is opened, which checks its msg_key, and its content is compared. */
const CHECKED_ONE_IN = 100;
/** Requests whose answers may still be checked. */
const ASKED_KEPT = 1000;
/** How often a connection with a limited rate looks whether its next request is due, in milliseconds. */
const PACE_MS = 5;
const MIB = 1024 * 1024;

/** Which parts of files are transferred, and by how many connections. */
export interface Transfer {
  /** `out`: from the server. */
  direction: 'in' | 'out';
  connections: number;
  /** Unanswered requests of each connection. */
  window: number;
  /** Length of a part. */
  bytes: number;
  /** How long; without it until there is nothing left to ask for. */
  ms?: number;
  /** MiB per second of all connections together; as fast as it goes when absent. */
  mibPerSecond?: number;
  /** Whether parts begin anywhere in the file, and do not follow each other. */
  isRandom?: boolean;
}

/** A request for a part or with one. */
export interface PartRequest {
  body: Uint8Array;
  /** Whether an answer belongs to this request. */
  isRight(answer: Uint8Array): boolean;
}

/** Where a connection goes, and what it asks for. */
export interface PartSource {
  host: string;
  port: number;
  clientKey: ClientKey;
  /** Makes the next request; undefined when there is none left. */
  next(): PartRequest | undefined;
}

interface PartClientOptions extends Omit<PartSource, 'host' | 'port'> {
  window: number;
  /** Requests per second; as many as are answered when absent. */
  perSecond: number | undefined;
}

/** A connection that always has the same number of requests for parts on the way, or fewer if its rate is limited. */
class PartClient {
  readonly #session: ClientSession;
  readonly #options: PartClientOptions;
  readonly #acks: bigint[] = [];
  /** The latest requests, oldest first. Answers that are not opened leave theirs here. */
  readonly #asked = new Map<bigint, PartRequest['isRight']>();
  #wire: Wire | undefined;
  /** When the unanswered requests were sent, oldest first. */
  readonly #sentMs: number[] = [];
  #startedMs = 0;
  #sent = 0;
  #untilMs = 0;
  #hasNext = true;
  #longPackets = 0;
  #ended: (error?: Error) => void = () => {};
  readonly answeredMs: number[] = [];

  constructor(options: PartClientOptions) {
    this.#options = options;
    this.#session = new ClientSession({ ...options.clientKey, sessionId: systemRandom.int64(), random: systemRandom, nowMs: Date.now });
  }

  async open(host: string, port: number, localAddress: string): Promise<void> {
    this.#wire = await openWire({ host, port, localAddress, transport: 'tcp', obfuscated: true, random: systemRandom }, {
      onPacket: (packet) => this.#receive(packet),
      onQuickAck: () => {},
      onError: (code) => this.#ended(new Error(`transport error ${code}`)),
      onClosed: () => this.#ended(new Error('the server closed a connection')),
    });
  }

  /** Transfers parts until the time is over, or there is no next one, and all requests are answered. */
  async run(untilMs: number): Promise<void> {
    this.#startedMs = performance.now();
    this.#untilMs = untilMs;
    const pace = this.#options.perSecond === undefined ? undefined : setInterval(() => this.#fill(), PACE_MS);
    try {
      await new Promise<void>((resolve, reject) => {
        this.#ended = (error) => (error ? reject(error) : resolve());
        this.#fill();
      });
    } finally {
      clearInterval(pace);
      this.#ended = () => {};
    }
  }

  close(): void {
    this.#wire?.close();
  }

  /** Sends what may be on the way now; ends when there is nothing more to send or to wait for. */
  #fill(): void {
    while (this.#isDue) this.#send();
    if (this.#sentMs.length === 0 && this.#isOver) this.#ended();
  }

  get #isOver(): boolean {
    return !this.#hasNext || performance.now() >= this.#untilMs;
  }

  get #isDue(): boolean {
    const { window, perSecond = Infinity } = this.#options;
    return !this.#isOver && this.#sentMs.length < window && this.#sent <= ((performance.now() - this.#startedMs) / 1000) * perSecond;
  }

  #send(): void {
    const request = this.#options.next();
    this.#hasNext = request !== undefined;
    if (!request) return;
    const msgIds = this.#acks.splice(0);
    const acks = msgIds.length === 0 ? [] : [{ body: this.#session.acksFor(msgIds.map((msgId) => ({ msgId, seqNo: 1, body: new Uint8Array(0) })))!, content: false }];
    this.#sent += 1;
    this.#sentMs.push(performance.now());
    const sent = this.#session.encrypt([...acks, { body: request.body }]);
    this.#asked.set(sent.msgIds.at(-1)!, request.isRight);
    if (this.#asked.size > ASKED_KEPT) this.#asked.delete(this.#asked.keys().next().value!);
    this.#wire!.send(sent.packet);
  }

  #receive(packet: Uint8Array): void {
    if (packet.length >= LONG_BYTES && this.#longPackets++ % CHECKED_ONE_IN > 0) return this.#answered();
    for (const message of this.#session.open(packet)) {
      const { msgId, seqNo, body, answers } = message;
      if (seqNo % 2 === 1) this.#acks.push(msgId);
      if (answers === undefined) {
        this.#checkService(message);
        continue;
      }
      if (this.#asked.get(answers)?.(body) !== true) return this.#ended(new Error(`a part was answered wrongly: ${Buffer.from(body.subarray(0, 64)).toString('latin1')}`));
      this.#asked.delete(answers);
      this.#answered();
    }
  }

  /** A refused message would be waited for for ever. */
  #checkService(message: ServerMessage): void {
    const service = serviceMessage(message);
    if (service?._ === 'bad_server_salt' || service?._ === 'bad_msg_notification') this.#ended(new Error(`a request was refused: ${service._} ${service.error_code}`));
  }

  #answered(): void {
    this.answeredMs.push(performance.now() - this.#sentMs.shift()!);
    this.#fill();
  }
}

/** Transfers parts over several connections. The operations of the outcome are MiB. @param sourceOf by number of the connection */
export async function transferParts(transfer: Transfer, sourceOf: (connection: number) => PartSource): Promise<Outcome> {
  const { connections, window, bytes, ms = Infinity, mibPerSecond } = transfer;
  const perSecond = mibPerSecond === undefined ? undefined : (mibPerSecond * MIB) / bytes / connections;
  const sources = Array.from({ length: connections }, (_, i) => sourceOf(i));
  const clients = sources.map((source) => new PartClient({ ...source, window, perSecond }));
  await Promise.all(clients.map((client, i) => client.open(sources[i]!.host, sources[i]!.port, sourceAddress(i))));
  const started = performance.now();
  try {
    await Promise.all(clients.map((client) => client.run(started + ms)));
  } finally {
    for (const client of clients) client.close();
  }
  const elapsedMs = performance.now() - started;
  const ackMs = clients.flatMap(({ answeredMs }) => answeredMs);
  return { operations: (ackMs.length * bytes) / MIB, elapsedMs, ackMs };
}
