import { type ClientKey, ClientSession, createAuthKey, openWire, type Wire } from '@aerogram/mtproto/client';
import { systemRandom } from '@aerogram/runtime';
import { decode, encode, type tl } from '@aerogram/tl';
import { floorKey } from './floor-key.ts';
import { type Outcome, sourceAddress } from './outcome.ts';

/** Which parts of files are transferred, and by how many connections. */
export interface Transfer {
  /** `out`: from the server. */
  direction: 'in' | 'out';
  connections: number;
  /** Unanswered requests of each connection. */
  window: number;
  /** Length of a part. */
  bytes: number;
  ms: number;
}

/** Longer packets are opened only now and then, because the generator shares the cores with the server. */
const LONG_BYTES = 64 * 1024;
/** One of this many long packets is opened, which checks its msg_key, and its content is compared. */
const CHECKED_ONE_IN = 100;
const MIB = 1024 * 1024;
/** The answer to an uploaded part: true. */
const SAVED = Buffer.from('b5757299', 'hex');

/** A connection that always has the same number of requests for parts on the way. */
class PartClient {
  readonly #session: ClientSession;
  readonly #request: () => Uint8Array;
  readonly #transfer: Transfer;
  readonly #acks: bigint[] = [];
  #wire: Wire | undefined;
  /** When the unanswered requests were sent, oldest first. */
  readonly #sentMs: number[] = [];
  #untilMs = 0;
  #longPackets = 0;
  #ended: (error?: Error) => void = () => {};
  readonly answeredMs: number[] = [];
  checked = 0;

  constructor(key: ClientKey, transfer: Transfer, request: () => Uint8Array) {
    this.#session = new ClientSession({ ...key, sessionId: systemRandom.int64(), random: systemRandom, nowMs: Date.now });
    this.#transfer = transfer;
    this.#request = request;
  }

  async open(host: string, port: number, localAddress: string): Promise<void> {
    this.#wire = await openWire({ host, port, localAddress, transport: 'tcp', obfuscated: true, random: systemRandom }, {
      onPacket: (packet) => this.#receive(packet),
      onQuickAck: () => {},
      onError: (code) => this.#ended(new Error(`transport error ${code}`)),
      onClosed: () => this.#ended(new Error('the server closed a connection')),
    });
  }

  /** Transfers parts until the time is over and all requests are answered. */
  async run(untilMs: number): Promise<void> {
    this.#untilMs = untilMs;
    await new Promise<void>((resolve, reject) => {
      this.#ended = (error) => (error ? reject(error) : resolve());
      for (let i = 0; i < this.#transfer.window; i++) this.#send();
    });
    this.#ended = () => {};
  }

  close(): void {
    this.#wire?.close();
  }

  #send(): void {
    const msgIds = this.#acks.splice(0);
    const acks = msgIds.length === 0 ? [] : [{ body: this.#session.acksFor(msgIds.map((msgId) => ({ msgId, seqNo: 1, body: new Uint8Array(0) })))!, content: false }];
    this.#sentMs.push(performance.now());
    this.#wire!.send(this.#session.encrypt([...acks, { body: this.#request() }]).packet);
  }

  #receive(packet: Uint8Array): void {
    if (packet.length >= LONG_BYTES && this.#longPackets++ % CHECKED_ONE_IN > 0) return this.#answered();
    for (const { msgId, seqNo, body, answers } of this.#session.open(packet)) {
      if (seqNo % 2 === 1) this.#acks.push(msgId);
      if (answers === undefined) continue;
      this.#check(body);
      this.#answered();
    }
  }

  #check(body: Uint8Array): void {
    this.checked += 1;
    const isRight = this.#transfer.direction === 'in' ? SAVED.equals(body) : (decode(body) as tl.upload.file).bytes.length === this.#transfer.bytes;
    if (!isRight) this.#ended(new Error('a part was answered wrongly'));
  }

  #answered(): void {
    this.answeredMs.push(performance.now() - this.#sentMs.shift()!);
    if (performance.now() < this.#untilMs) this.#send();
    else if (this.#sentMs.length === 0) this.#ended();
  }
}

/** Transfers parts between raw clients with known keys and the floor. The operations of the outcome are MiB. */
export async function transferFloor(port: number, transfer: Transfer): Promise<Outcome> {
  const bytes = systemRandom.bytes(transfer.bytes);
  const download = encode({
    _: 'upload.getFile', limit: transfer.bytes, offset: 0n,
    location: { _: 'inputDocumentFileLocation', id: 1n, access_hash: 2n, file_reference: new Uint8Array(25), thumb_size: '' },
  });
  let part = 0;
  const upload = (): Uint8Array => encode({ _: 'upload.saveBigFilePart', file_id: 1n, file_part: part++, file_total_parts: -1, bytes });
  const clients = Array.from({ length: transfer.connections }, (_, i) =>
    new PartClient({ key: createAuthKey(floorKey(i)), salt: 0n }, transfer, transfer.direction === 'out' ? () => download : upload));
  await Promise.all(clients.map((client, i) => client.open('127.0.0.1', port, sourceAddress(i))));
  const started = performance.now();
  try {
    await Promise.all(clients.map((client) => client.run(started + transfer.ms)));
  } finally {
    for (const client of clients) client.close();
  }
  const elapsedMs = performance.now() - started;
  const ackMs = clients.flatMap(({ answeredMs }) => answeredMs);
  return { operations: (ackMs.length * transfer.bytes) / MIB, elapsedMs, ackMs };
}
