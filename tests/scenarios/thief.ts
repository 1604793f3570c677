import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import type { HomeTicket } from '@aerogram/node';
import type { Endpoint } from '@aerogram/runtime';
import { writeBatch, writeHint, writePlace } from '../../packages/relay/src/wire/bodies.ts';
import { type Message, MESSAGE, MessageReader, writeMessage } from '../../packages/relay/src/wire/messages.ts';

/** What a question was answered; the status is 0 if the link ended without an answer. */
export interface ThiefAnswer {
  status: number;
  body: unknown;
}

/** Plain data as frames and questions have it: numbers of 64 bits as texts, bytes as base64. */
export const plain = (value: unknown): Buffer => Buffer.from(JSON.stringify(value, (_key, field: unknown) => (typeof field === 'bigint' ? String(field) : field)));

let lastEpoch = 1000n;

/** Somebody who has the certificate of a data centre, and speaks to another one as they like. */
export class Thief implements Disposable {
  readonly #session: ClientHttp2Session;
  #seq = 0n;
  /** In which the thief writes: another one for each, because their frames are numbered from 1. */
  readonly epoch = lastEpoch++;

  constructor({ host, port }: Endpoint, { authority, cert, key }: Pick<HomeTicket, 'authority' | 'cert' | 'key'>) {
    this.#session = connect(`https://${host}:${port}`, { ca: authority, cert, key, minVersion: 'TLSv1.3', servername: 'home-1', checkServerIdentity: () => undefined });
    this.#session.on('error', () => undefined);
  }

  /** Asks a question with any body. */
  async ask(name: string, body: Uint8Array | object): Promise<ThiefAnswer> {
    const stream = this.#open(`/ask/${name}`);
    stream.end(body instanceof Uint8Array ? body : plain(body));
    const status = await new Promise<number>((resolve) => {
      stream.once('response', (headers) => resolve(headers[':status'] ?? 0));
      stream.once('close', () => resolve(0));
    });
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => void chunks.push(chunk));
    await closed(stream);
    const text = Buffer.concat(chunks).toString();
    return { status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
  }

  /** Sends frames that follow those before, and waits until they are dealt with. */
  async send(...frames: readonly (Uint8Array | object)[]): Promise<void> {
    const bytes = frames.map((frame) => (frame instanceof Uint8Array ? frame : plain(frame)));
    await this.#say(MESSAGE.frames, writeBatch({ epoch: this.epoch, seq: this.#seq + 1n, frames: bytes }));
    this.#seq += BigInt(frames.length);
  }

  /** Returns frames as if the other one had sent them, and waits until they are dealt with. */
  async giveBack(epoch: bigint, seq: bigint, ...frames: readonly object[]): Promise<void> {
    await this.#say(MESSAGE.returned, writeBatch({ epoch, seq, frames: frames.map(plain) }));
  }

  /** Says that frames up to a number never come. */
  async skip(epoch: bigint, seq: bigint): Promise<void> {
    await this.#say(MESSAGE.skip, [writePlace({ epoch, seq })]);
  }

  /** Sends frames with a number of the own choice. Resolves when the stream has ended. */
  async sendAt(seq: bigint, ...frames: readonly object[]): Promise<void> {
    await this.sendBytes(writeMessage(MESSAGE.frames, ...writeBatch({ epoch: this.epoch, seq, frames: frames.map(plain) })));
  }

  /** Sends any bytes as a stream of frames. Resolves when that has ended. */
  async sendBytes(bytes: Uint8Array): Promise<void> {
    const stream = this.#open('/frames');
    stream.resume();
    stream.write(bytes);
    await closed(stream);
  }

  /** Sends hints. They are not answered. */
  hint(count: number, name: string, body: object): void {
    const hint = writeMessage(MESSAGE.hint, ...writeHint(name, plain(body)));
    this.#open('/hints').resume().write(Buffer.concat(Array.from({ length: count }, () => hint)));
  }

  [Symbol.dispose](): void {
    this.#session.destroy();
  }

  /** Sends one message over a stream of its own, and waits for its acknowledgement. @throws Error if the stream ends before that */
  async #say(kind: number, parts: readonly Uint8Array[]): Promise<void> {
    const stream = this.#open('/frames');
    const reader = new MessageReader();
    await new Promise<void>((resolve, reject) => {
      const take = ({ kind: answered }: Message): void => {
        if (answered === MESSAGE.hello) stream.write(writeMessage(kind, ...parts));
        if (answered === MESSAGE.ack) resolve();
      };
      stream.on('data', (chunk: Buffer) => reader.read(chunk).forEach(take));
      stream.once('close', () => reject(new Error('the stream ended')));
    });
    stream.destroy();
    await closed(stream);
  }

  #open(path: string): ClientHttp2Stream {
    return this.#session.request({ ':method': 'POST', ':path': path }).on('error', () => undefined);
  }
}

const closed = async (stream: ClientHttp2Stream): Promise<void> => {
  if (!stream.closed) await new Promise<void>((resolve) => void stream.once('close', resolve));
};
