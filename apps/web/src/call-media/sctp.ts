// One association of SCTP through the signalling of a call: one stream, in order, nothing lost. It is not authenticated: what it carries is.
import { concat, readUint32, uint32 } from './bytes.ts';
import { type Chunk, ChunkType, readPacket, writePacket } from './sctp-packet.ts';

/** Bytes of a message in one chunk, so that packets stay as short as other clients make them. */
const FRAGMENT = 1100;
/** Identifies the payload; other clients send the same. */
const PAYLOAD_ID = 53;
/** Chunks that wait for those before them, or for the rest of their message. */
const CHUNKS_MAX = 256;
/** Bytes that wait to be put together, and bytes that wait to be sent. */
const WAITING_MAX = 1024 * 1024;
/** What the other end may send before it is answered, in bytes. */
const WINDOW = 262_144;
/** Chunks on their way at the same time: the server passes on 60 packets a second. */
const FLIGHT = 16;

const RETRY_MS = 1_000;
const RETRY_MAX_MS = 4_000;
const FIRST = 2;
const LAST = 1;

interface Outgoing {
  tsn: number;
  chunk: Chunk;
  isSent: boolean;
  /** The other end has it, although not all before it. */
  isKept: boolean;
}

/** How far numbers that wrap around at 2³² are from each other. */
const distance = (to: number, from: number): number => (to - from) | 0;

const next = (tsn: number): number => (tsn + 1) >>> 0;
const random32 = (): number => crypto.getRandomValues(new Uint32Array(1))[0]! || 1;

export interface SctpOptions {
  send(packet: Uint8Array<ArrayBuffer>): void;
  onMessage(message: Uint8Array<ArrayBuffer>): void;
  /** First wait before something is sent again, in milliseconds. */
  retryMs?: number;
}

/** One end of the association. Both may begin. */
export class Sctp {
  readonly #options: SctpOptions;
  readonly #retryMs: number;
  readonly #tag = random32();
  readonly #firstTsn = random32();
  #nextTsn = this.#firstTsn;
  #streamSequence = 0;
  #peerTag: number | undefined;
  /** Last number of the other end up to which all came. */
  #received = 0;
  #cookie: Uint8Array<ArrayBuffer> | undefined;
  #isOpen = false;
  readonly #outgoing: Outgoing[] = [];
  #outgoingBytes = 0;
  readonly #early = new Map<number, Chunk>();
  #earlyBytes = 0;
  #parts: Uint8Array[] = [];
  #partBytes = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tries = 0;

  constructor(options: SctpOptions) {
    this.#options = options;
    this.#retryMs = options.retryMs ?? RETRY_MS;
  }

  /** Begins. */
  open(): void {
    this.#options.send(this.#initPacket());
    this.#arm();
  }

  /** @throws RangeError if more than 1 MiB waits to be sent */
  sendMessage(message: Uint8Array): void {
    if (this.#outgoingBytes + message.length > WAITING_MAX) throw new RangeError('the other end of the call takes nothing');
    for (let at = 0; at === 0 || at < message.length; at += FRAGMENT) {
      const part = message.subarray(at, at + FRAGMENT);
      const flags = (at === 0 ? FIRST : 0) | (at + FRAGMENT >= message.length ? LAST : 0);
      const head = new Uint8Array(12);
      const view = new DataView(head.buffer);
      view.setUint32(0, this.#nextTsn);
      view.setUint16(6, this.#streamSequence);
      view.setUint32(8, PAYLOAD_ID);
      this.#outgoing.push({ tsn: this.#nextTsn, chunk: { type: ChunkType.data, flags, value: concat(head, part) }, isSent: false, isKept: false });
      this.#outgoingBytes += part.length;
      this.#nextTsn = next(this.#nextTsn);
    }
    this.#streamSequence = (this.#streamSequence + 1) & 0xffff;
    this.#flush();
  }

  /** Handles a packet. The caller has verified its checksum. */
  receive(packet: Uint8Array): void {
    const { tag, chunks } = readPacket(packet);
    const isInit = chunks[0]?.type === ChunkType.init;
    if (isInit ? tag !== 0 || chunks.length > 1 : tag !== this.#tag) return;
    let hasData = false;
    for (const chunk of chunks) {
      if (chunk.type === ChunkType.data) hasData = true;
      this.#take(chunk);
    }
    if (hasData && this.#peerTag !== undefined) this.#options.send(this.#sackPacket());
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #take(chunk: Chunk): void {
    switch (chunk.type) {
      case ChunkType.init:
        return this.#answerInit(chunk.value);
      case ChunkType.initAck:
        return this.#echoCookie(chunk.value);
      case ChunkType.cookieEcho:
        return this.#takeCookie(chunk.value);
      case ChunkType.cookieAck:
        if (this.#cookie) this.#establish();
        return undefined;
      case ChunkType.data:
        return this.#takeData(chunk);
      case ChunkType.sack:
        return this.#takeSack(chunk.value);
      case ChunkType.heartbeat:
        if (this.#peerTag !== undefined) this.#options.send(writePacket(this.#peerTag, { ...chunk, type: ChunkType.heartbeatAck }));
        return undefined;
      default:
        // An end of the association is not obeyed: anybody in between could say it, and the call ends otherwise.
        return undefined;
    }
  }

  /** What both first chunks hold: own tag, window, streams, first number. */
  #initValue(): Uint8Array<ArrayBuffer> {
    return concat(uint32(this.#tag), uint32(WINDOW), Uint8Array.of(0, 1, 0, 1), uint32(this.#firstTsn));
  }

  #initPacket(): Uint8Array<ArrayBuffer> {
    return writePacket(0, { type: ChunkType.init, flags: 0, value: this.#initValue() });
  }

  #answerInit(value: Uint8Array<ArrayBuffer>): void {
    if (value.length < 16 || readUint32(value, 0) === 0) return;
    const peerTag = readUint32(value, 0);
    // The cookie says what the other end has said, so that nothing is kept of it until it comes back.
    const cookie = concat(uint32(this.#tag), uint32(peerTag), value.subarray(12, 16));
    const parameter = concat(Uint8Array.of(0, 7, 0, cookie.length + 4), cookie);
    this.#options.send(writePacket(peerTag, { type: ChunkType.initAck, flags: 0, value: concat(this.#initValue(), parameter) }));
  }

  #echoCookie(value: Uint8Array<ArrayBuffer>): void {
    if (this.#isOpen || this.#cookie || value.length < 20) return;
    const read = new DataView(value.buffer, value.byteOffset, value.length);
    for (let at = 16; at + 4 <= value.length; ) {
      const length = read.getUint16(at + 2);
      if (length < 4 || at + length > value.length) return;
      if (read.getUint16(at) === 7 && length <= 4096) {
        this.#cookie = value.slice(at + 4, at + length);
        this.#meet(readUint32(value, 0), readUint32(value, 12));
        this.#sendCookie();
        return;
      }
      at += (length + 3) & ~3;
    }
  }

  #sendCookie(): void {
    if (this.#cookie && this.#peerTag !== undefined) this.#options.send(writePacket(this.#peerTag, { type: ChunkType.cookieEcho, flags: 0, value: this.#cookie }));
    this.#arm();
  }

  #takeCookie(value: Uint8Array<ArrayBuffer>): void {
    if (value.length !== 12 || readUint32(value, 0) !== this.#tag) return;
    if (!this.#isOpen) this.#meet(readUint32(value, 4), readUint32(value, 8));
    if (this.#peerTag !== readUint32(value, 4)) return;
    this.#options.send(writePacket(this.#peerTag, { type: ChunkType.cookieAck, flags: 0, value: new Uint8Array() }));
    this.#establish();
  }

  #meet(peerTag: number, peerFirstTsn: number): void {
    if (this.#peerTag === peerTag) return;
    this.#peerTag = peerTag;
    this.#received = (peerFirstTsn - 1) >>> 0;
    this.#early.clear();
    this.#earlyBytes = 0;
  }

  #establish(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#tries = 0;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#flush();
  }

  #takeData(chunk: Chunk): void {
    if (this.#peerTag === undefined || chunk.value.length < 12) return;
    const tsn = readUint32(chunk.value, 0);
    const ahead = distance(tsn, this.#received);
    if (ahead <= 0 || ahead > CHUNKS_MAX || this.#early.has(tsn) || this.#earlyBytes + chunk.value.length > WAITING_MAX) return;
    this.#early.set(tsn, chunk);
    this.#earlyBytes += chunk.value.length;
    for (let at = next(this.#received); ; at = next(at)) {
      const ready = this.#early.get(at);
      if (!ready) return;
      this.#early.delete(at);
      this.#earlyBytes -= ready.value.length;
      this.#received = at;
      this.#join(ready);
    }
  }

  /** Puts the parts of a message together, which come here in order. */
  #join({ flags, value }: Chunk): void {
    if (flags & FIRST) [this.#parts, this.#partBytes] = [[], 0];
    else if (this.#parts.length === 0) return;
    this.#parts.push(value.subarray(12));
    this.#partBytes += value.length - 12;
    const isTooMuch = this.#parts.length > CHUNKS_MAX || this.#partBytes > WAITING_MAX;
    if (!isTooMuch && !(flags & LAST)) return;
    const message = concat(...this.#parts);
    [this.#parts, this.#partBytes] = [[], 0];
    if (!isTooMuch) this.#options.onMessage(message);
  }

  #sackPacket(): Uint8Array<ArrayBuffer> {
    const ahead = [...this.#early.keys()].map((tsn) => distance(tsn, this.#received)).sort((one, other) => one - other);
    const gaps: [number, number][] = [];
    for (const at of ahead) {
      const last = gaps.at(-1);
      if (last?.[1] === at - 1) last[1] = at;
      else gaps.push([at, at]);
    }
    const value = new Uint8Array(12 + gaps.length * 4);
    const view = new DataView(value.buffer);
    view.setUint32(0, this.#received);
    view.setUint32(4, Math.max(0, WINDOW - this.#earlyBytes));
    view.setUint16(8, gaps.length);
    for (const [index, [start, end]] of gaps.entries()) {
      view.setUint16(12 + index * 4, start);
      view.setUint16(14 + index * 4, end);
    }
    return writePacket(this.#peerTag!, { type: ChunkType.sack, flags: 0, value });
  }

  #takeSack(value: Uint8Array<ArrayBuffer>): void {
    if (value.length < 12) return;
    const read = new DataView(value.buffer, value.byteOffset, value.length);
    const cumulative = read.getUint32(0);
    if (distance(cumulative, this.#nextTsn) >= 0) return;
    // An answer to data is proof enough that the other end has opened the association.
    if (this.#cookie) this.#establish();
    while (this.#outgoing[0]?.isSent && distance(this.#outgoing[0].tsn, cumulative) <= 0) {
      this.#outgoingBytes -= this.#outgoing.shift()!.chunk.value.length - 12;
      this.#tries = 0;
    }
    const gaps = Math.min(read.getUint16(8), Math.floor((value.length - 12) / 4));
    for (let gap = 0; gap < gaps; gap++) {
      const [start, end] = [read.getUint16(12 + gap * 4), read.getUint16(14 + gap * 4)];
      for (const each of this.#outgoing.slice(0, FLIGHT)) {
        const at = distance(each.tsn, cumulative);
        if (each.isSent && at >= start && at <= end) each.isKept = true;
      }
    }
    this.#flush();
  }

  #flush(): void {
    if (!this.#isOpen || this.#peerTag === undefined) return;
    for (const each of this.#outgoing.slice(0, FLIGHT)) {
      if (each.isSent) continue;
      each.isSent = true;
      this.#options.send(writePacket(this.#peerTag, each.chunk));
    }
    if (this.#outgoing.length > 0) this.#arm();
    else this.close();
  }

  /** Waits for an answer, unless it is waited for already. */
  #arm(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#tries++;
      this.#again();
    }, Math.min(this.#retryMs * 2 ** Math.min(this.#tries, 8), Math.max(RETRY_MAX_MS, this.#retryMs), this.#retryMs * 4));
  }

  #again(): void {
    if (!this.#isOpen) {
      // A cookie that is never taken is of an end that has begun anew.
      if (this.#cookie && this.#tries % 4 !== 0) return this.#sendCookie();
      this.#cookie = undefined;
      return this.open();
    }
    for (const each of this.#outgoing.slice(0, FLIGHT)) if (each.isSent && !each.isKept) this.#options.send(writePacket(this.#peerTag!, each.chunk));
    this.#flush();
  }
}
