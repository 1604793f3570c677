import { RelayFault } from './messages.ts';

/** Frames of one stream that follow each other. */
export interface Batch {
  epoch: bigint;
  /** The number of the first of them. */
  seq: bigint;
  frames: readonly Uint8Array[];
}

/** What the receiver of a stream says first. */
export interface Hello {
  /** The epoch in which it writes its own frames now. */
  epoch: bigint;
  /** How far it has applied each stream of the sender. */
  applied: ReadonlyMap<bigint, bigint>;
  /** The last number that it knows to have sent to the sender, in each of its former epochs. */
  former: ReadonlyMap<bigint, bigint>;
}

/** A place in a stream. */
export interface Place {
  epoch: bigint;
  seq: bigint;
}

/** How far the receiver has come. */
export interface Ack extends Place {
  /** How many messages it has dealt with since the beginning. */
  handled: number;
}

/** More frames than a sender puts into one message. */
const MAX_FRAMES = 10_000;
/** More epochs than a database ever had: what names more is refused. */
export const MAX_EPOCHS = 10_000;

/** More frames than are ever written. Larger numbers would not fit into a database with others added. */
const MAX_SEQ = 2n ** 53n;

function u64(...values: readonly bigint[]): Buffer {
  const bytes = Buffer.allocUnsafe(8 * values.length);
  values.forEach((value, at) => void bytes.writeBigInt64BE(value, 8 * at));
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value, 0);
  return bytes;
}

/** Takes values from the front of a body. */
class BodyReader {
  readonly #body: Buffer;
  #at = 0;

  constructor(body: Buffer) {
    this.#body = body;
  }

  take(length: number): Buffer {
    if (length > this.#body.length - this.#at) throw new RelayFault('a message that is too short');
    this.#at += length;
    return this.#body.subarray(this.#at - length, this.#at);
  }

  u32(): number {
    return this.take(4).readUInt32BE(0);
  }

  /** A number that is not negative. */
  i64(): bigint {
    const value = this.take(8).readBigInt64BE(0);
    if (value < 0n) throw new RelayFault('a negative number');
    return value;
  }

  /** The number of a frame. */
  seq(): bigint {
    const seq = this.i64();
    if (seq > MAX_SEQ) throw new RelayFault('a number that no frame has');
    return seq;
  }

  count(most: number): number {
    const count = this.u32();
    if (count > most) throw new RelayFault(`a message with ${count} parts`);
    return count;
  }

  end(): void {
    if (this.#at !== this.#body.length) throw new RelayFault('a message that is too long');
  }
}

/** The parts of the body of a batch; see `writeMessage`. */
export function writeBatch({ epoch, seq, frames }: Batch): Uint8Array[] {
  return [u64(epoch, seq), u32(frames.length), ...frames.flatMap((frame) => [u32(frame.length), frame])];
}

/** Reads a batch; its frames are views of the body. @throws RelayFault */
export function readBatch(body: Buffer): Batch {
  const reader = new BodyReader(body);
  const [epoch, seq] = [reader.i64(), reader.seq()];
  const frames = Array.from({ length: reader.count(MAX_FRAMES) }, () => reader.take(reader.u32()));
  reader.end();
  if (seq === 0n || frames.length === 0) throw new RelayFault('a batch without frames');
  return { epoch, seq, frames };
}

/** The body of a place. */
export const writePlace = ({ epoch, seq }: Place): Buffer => u64(epoch, seq);

/** Reads a place. @throws RelayFault */
export function readPlace(body: Buffer): Place {
  const reader = new BodyReader(body);
  const place = { epoch: reader.i64(), seq: reader.seq() };
  reader.end();
  return place;
}

/** The body of an acknowledgement. */
export const writeAck = ({ handled, epoch, seq }: Ack): Buffer => u64(BigInt(handled), epoch, seq);

/** Reads an acknowledgement. @throws RelayFault */
export function readAck(body: Buffer): Ack {
  const reader = new BodyReader(body);
  const ack = { handled: Number(reader.i64()), epoch: reader.i64(), seq: reader.i64() };
  reader.end();
  return ack;
}

function writeEpochs(seqs: ReadonlyMap<bigint, bigint>): Buffer {
  return Buffer.concat([u32(seqs.size), u64(...[...seqs].flat())]);
}

function readEpochs(reader: BodyReader): Map<bigint, bigint> {
  return new Map(Array.from({ length: reader.count(MAX_EPOCHS) }, () => [reader.i64(), reader.i64()]));
}

/** The body of a hello. */
export const writeHello = ({ epoch, applied, former }: Hello): Buffer => Buffer.concat([u64(epoch), writeEpochs(applied), writeEpochs(former)]);

/** Reads a hello. @throws RelayFault */
export function readHello(body: Buffer): Hello {
  const reader = new BodyReader(body);
  const hello = { epoch: reader.i64(), applied: readEpochs(reader), former: readEpochs(reader) };
  reader.end();
  return hello;
}

/** The body of a hint. */
export function writeHint(name: string, body: Uint8Array): Uint8Array[] {
  const text = Buffer.from(name);
  return [u32(text.length), text, body];
}

/** Reads a hint. @throws RelayFault */
export function readHint(body: Buffer): { name: string; body: Buffer } {
  const reader = new BodyReader(body);
  const length = reader.u32();
  const name = reader.take(length).toString('utf8');
  return { name, body: body.subarray(4 + length) };
}
