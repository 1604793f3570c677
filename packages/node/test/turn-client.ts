import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { randomBytes } from 'node:crypto';
import { ATTRIBUTE, KIND, longTermKey, METHOD, passwordOf, StreamFrames, StunMessage, StunWriter, type TransportAddress } from '@aerogram/turn';

const HOST = '127.0.0.1';

interface TurnClientOptions {
  /** From which the password is made, unless it is given. */
  secret?: string;
  password?: string;
  over?: 'udp' | 'tcp';
  user?: string;
}

/** A client of a relay with a real socket. */
export class TurnClient implements Disposable {
  readonly #socket: UdpSocket | Socket;
  readonly #send: (packet: Buffer) => void;
  readonly #username: string;
  readonly #password: string;
  #answers = new Map<string, (message: StunMessage) => void>();
  #data: ((data: string) => void)[] = [];
  #early: string[] = [];
  #key: Buffer = Buffer.alloc(0);
  #realm = '';
  #nonce = '';

  private constructor(socket: UdpSocket | Socket, send: (packet: Buffer) => void, [username, password]: readonly [string, string]) {
    this.#socket = socket;
    this.#send = send;
    this.#username = username;
    this.#password = password;
  }

  static async open(port: number, { secret = '', over = 'udp', user = `${Math.floor(Date.now() / 1000) + 600}:test`, password = passwordOf(user, secret) }: TurnClientOptions): Promise<TurnClient> {
    const credentials = [user, password] as const;
    if (over === 'tcp') {
      const socket = connect(port, HOST);
      await once(socket, 'connect');
      const client = new TurnClient(socket, (packet) => void socket.write(packet), credentials);
      const frames = new StreamFrames();
      socket.on('data', (chunk) => frames.push(chunk)!.forEach((packet) => client.#hear(packet)));
      socket.on('error', () => {});
      return client;
    }
    const socket = createSocket('udp4');
    socket.bind(0, HOST);
    await once(socket, 'listening');
    const client = new TurnClient(socket, (packet) => socket.send(packet, port, HOST), credentials);
    socket.on('message', (packet) => client.#hear(packet));
    return client;
  }

  /** Resolves when a TCP connection has ended. */
  get closed(): Promise<unknown> {
    return once(this.#socket, 'close');
  }

  /** Asks, with credentials once the server has asked for them. */
  async ask(method: number, add: (writer: StunWriter) => StunWriter = (writer) => writer): Promise<StunMessage> {
    const answer = await this.#ask(method, add);
    if (answer.kind === KIND.success || answer.find(ATTRIBUTE.nonce) === undefined) return answer;
    this.#realm = answer.findText(ATTRIBUTE.realm, 99)!;
    this.#nonce = answer.findText(ATTRIBUTE.nonce, 99)!;
    this.#key = longTermKey(this.#username, this.#realm, this.#password);
    return this.#ask(method, add);
  }

  /** @returns the relayed address */
  async allocate(): Promise<TransportAddress> {
    const answer = await this.ask(METHOD.allocate, (writer) => writer.add(ATTRIBUTE.requestedTransport, Uint8Array.of(17, 0, 0, 0)));
    return answer.listAddresses(ATTRIBUTE.xorRelayedAddress)![0]!;
  }

  async bind(channel: number, peer: TransportAddress): Promise<boolean> {
    const answer = await this.ask(METHOD.channelBind, (writer) => writer.addNumber(ATTRIBUTE.channelNumber, channel * 65_536).addAddress(ATTRIBUTE.xorPeerAddress, peer));
    return answer.kind === KIND.success;
  }

  say(channel: number, text: string): void {
    const padded = (text.length + 3) & ~3;
    const packet = Buffer.alloc(4 + padded);
    packet.writeUInt16BE(channel, 0);
    packet.writeUInt16BE(text.length, 2);
    packet.write(text, 4);
    this.#send(packet);
  }

  /** The next data of a channel. */
  hears(): Promise<string> {
    const early = this.#early.shift();
    return early === undefined ? new Promise((resolve) => this.#data.push(resolve)) : Promise.resolve(early);
  }

  [Symbol.dispose](): void {
    if ('destroy' in this.#socket) this.#socket.destroy();
    else this.#socket.close();
  }

  #ask(method: number, add: (writer: StunWriter) => StunWriter): Promise<StunMessage> {
    const id = randomBytes(12);
    const writer = add(new StunWriter(method, KIND.request, id));
    if (this.#nonce !== '') writer.addText(ATTRIBUTE.username, this.#username).addText(ATTRIBUTE.realm, this.#realm).addText(ATTRIBUTE.nonce, this.#nonce);
    const packet = writer.finish(this.#nonce === '' ? undefined : this.#key);
    return new Promise((resolve) => {
      this.#answers.set(id.toString('hex'), resolve);
      this.#send(packet);
    });
  }

  #hear(packet: Buffer): void {
    if (packet[0]! >= 0x40) {
      const text = packet.toString('utf8', 4, 4 + packet.readUInt16BE(2));
      const next = this.#data.shift();
      if (next) next(text);
      else this.#early.push(text);
      return;
    }
    const message = StunMessage.parse(packet)!;
    const id = message.transactionId.toString('hex');
    this.#answers.get(id)?.(message);
    this.#answers.delete(id);
  }
}
