import { ATTRIBUTE, KIND, longTermKey, METHOD, passwordOf, type Listener, StunMessage, StunWriter, type TransportAddress, type TurnLimits, TurnServer } from '../src/index.ts';

export const SECRET = 'north';
export const REALM = 'calls.test';
export const RELAY = '198.51.100.1';
export const PEER = { address: '203.0.113.5', port: 7000 };
export const START_S = 1_800_000_000;

/** What a stage's relay has sent to peers. */
interface SentToPeer extends TransportAddress {
  data: string;
  from: number;
}

interface OpenRelay {
  port: number;
  isOpen: boolean;
  onData: (data: Buffer, port: number, address: string) => void;
}

/** A relay whose sockets and clock are made up. */
export class Stage {
  nowMs = 5000;
  freePorts = 100;
  readonly server: TurnServer;
  readonly relays: OpenRelay[] = [];
  readonly toPeers: SentToPeer[] = [];
  /** Addresses that may not be sent to. */
  readonly closed = new Set([RELAY, '10.0.0.1', '2001:db8::9']);

  constructor(limits: Partial<TurnLimits> = {}) {
    this.server = new TurnServer({
      secret: SECRET,
      realm: REALM,
      nonceKey: new Uint8Array(32).fill(7),
      addresses: { 4: RELAY, 6: '2001:db8::1' },
      limits,
      world: {
        nowMs: () => this.nowMs,
        unixNow: () => START_S + Math.floor(this.nowMs / 1000),
        allowsPeer: (address) => !this.closed.has(address),
        openRelay: async ({ isEven }, onData) => {
          if (this.relays.filter(({ isOpen }) => isOpen).length >= this.freePorts) return undefined;
          const relay: OpenRelay = { port: 50_000 + this.relays.length * (isEven ? 2 : 1), isOpen: true, onData };
          this.relays.push(relay);
          return {
            port: relay.port,
            send: (data, port, address) => void this.toPeers.push({ data: data.toString('latin1'), port, address, from: relay.port }),
            close: () => void (relay.isOpen = false),
          };
        },
      },
    });
  }

  client(port = 4000, user = `${START_S + 86_400}:abc`): Client {
    return new Client(this, { address: '192.0.2.44', port }, user);
  }
}

let transactions = 0;

/** One client of a stage's relay. */
export class Client implements Listener {
  readonly isStream = false;
  readonly got: Buffer[] = [];
  username: string;
  key: Buffer;
  nonce = '';
  readonly #stage: Stage;
  readonly #place: TransportAddress;

  constructor(stage: Stage, place: TransportAddress, username: string) {
    this.#stage = stage;
    this.#place = place;
    this.username = username;
    this.key = longTermKey(username, REALM, passwordOf(username, SECRET));
  }

  send(packet: Buffer): void {
    this.got.push(packet);
  }

  give(packet: Buffer): void {
    this.#stage.server.receive(packet, this.#place.port, this.#place.address, this);
  }

  /** Sends a request with credentials and returns the answer; with a nonce of the server's. */
  async ask(method: number, add: (writer: StunWriter) => StunWriter = (writer) => writer, transactionId = newTransaction()): Promise<StunMessage | undefined> {
    const before = this.got.length;
    const writer = add(new StunWriter(method, KIND.request, transactionId)).addText(ATTRIBUTE.username, this.username).addText(ATTRIBUTE.realm, REALM).addText(ATTRIBUTE.nonce, this.nonce);
    this.give(writer.finish(this.key));
    // Opening a relay socket takes a turn or two.
    for (let turn = 0; turn < 5 && this.got.length === before; turn++) await Promise.resolve();
    const answer = this.got.length === before ? undefined : StunMessage.parse(this.got.at(-1)!);
    if (answer !== undefined && codeOf(answer) === 438) this.nonce = answer.findText(ATTRIBUTE.nonce, 200)!;
    return answer;
  }

  async learnNonce(): Promise<void> {
    await this.ask(METHOD.refresh);
  }

  async allocate(add: (writer: StunWriter) => StunWriter = (writer) => writer): Promise<StunMessage | undefined> {
    if (this.nonce === '') await this.learnNonce();
    return this.ask(METHOD.allocate, (writer) => add(writer.add(ATTRIBUTE.requestedTransport, Uint8Array.of(17, 0, 0, 0))));
  }

  permit(...peers: TransportAddress[]): Promise<StunMessage | undefined> {
    return this.ask(METHOD.createPermission, (writer) => peers.reduce((all, peer) => all.addAddress(ATTRIBUTE.xorPeerAddress, peer), writer));
  }

  bind(channel: number, peer: TransportAddress): Promise<StunMessage | undefined> {
    return this.ask(METHOD.channelBind, (writer) => writer.addNumber(ATTRIBUTE.channelNumber, channel * 65_536).addAddress(ATTRIBUTE.xorPeerAddress, peer));
  }

  sendTo(peer: TransportAddress, text: string): void {
    this.give(new StunWriter(METHOD.send, KIND.indication, newTransaction()).addAddress(ATTRIBUTE.xorPeerAddress, peer).addText(ATTRIBUTE.data, text).finish());
  }

  sendBy(channel: number, text: string): void {
    this.give(channelData(channel, text));
  }
}

export function channelData(channel: number, text: string): Buffer {
  const packet = Buffer.alloc(4 + text.length);
  packet.writeUInt16BE(channel, 0);
  packet.writeUInt16BE(text.length, 2);
  packet.write(text, 4, 'latin1');
  return packet;
}

export function newTransaction(): Buffer {
  transactions += 1;
  const id = Buffer.alloc(12);
  id.writeUInt32BE(transactions, 8);
  return id;
}

/** 0 for a success, otherwise the code of the error. */
export function codeOf(message: StunMessage | undefined): number | undefined {
  if (message === undefined) return undefined;
  if (message.kind === KIND.success) return 0;
  const value = message.find(ATTRIBUTE.errorCode);
  return value && value[2]! * 100 + value[3]!;
}
