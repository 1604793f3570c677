import type { Random } from '@aerogram/runtime';
import type { Entry, Param, Schema, TypeRef } from '@aerogram/tl-codegen';
import { below, pick } from './mutation.ts';

/** A user in the form in which clients name them. */
export interface KnownUser {
  userId: bigint;
  accessHash: bigint;
}

/** Values of one kind from answers; the newest ones are used again in requests. */
const KEPT = 24;
const INTS = [0, 1, -1, 2, 3, 10, 100, 255, 256, 1_000, 10_000, 65_536, 262_143, 777_000, 2 ** 31 - 1, -(2 ** 31), 2 ** 30, 1_700_000_000];
const LONGS = [0n, 1n, -1n, 2n, 10n, 777_000n, 2n ** 31n, 2n ** 40n - 1n, 2n ** 40n, 10n ** 12n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)];
const DOUBLES = [0, -0, 1.5, -1e308, Infinity, -Infinity, NaN, Number.MIN_VALUE];
const LENGTHS = [0, 1, 15, 16, 32, 255, 256, 257, 4_096];
/** Difficult texts, as received bytes. */
const BYTES_OF_TEXT = [
  Buffer.from([0xed, 0xa0, 0x80]), // a lone high surrogate
  Buffer.from([0xed, 0xb0, 0x80, 0x61]), // a lone low one
  Buffer.from([0xff, 0xfe, 0x00]),
  Buffer.from([0xf0, 0x9f, 0x98]), // cut off
  Buffer.from([0xc0, 0x80]), // NUL in two bytes
  Buffer.from([0xf4, 0x90, 0x80, 0x80]), // beyond U+10FFFF
];
const TEXTS = [
  '', ' ', '\n\n\n', '\u0000', 'a\u0000b', 'a\u0000', '\u202e\u2067right to left', '\u200d\u200b\u2060', 'e\u0301'.repeat(400), '\ufeff', '\uffff',
  "'; DROP TABLE users; --", '%_\\', '\\', '"', '{}', '$1', '${x}', '../../etc/passwd', '<b>', '__proto__', 'constructor', 'null', '-0', '1e309',
  'x'.repeat(4_095), 'x'.repeat(4_096), 'x'.repeat(4_097), 'я'.repeat(5_000), '😀'.repeat(2_048), '👨‍👩‍👧‍👦'.repeat(300), 'a '.repeat(3_000), '#tag '.repeat(800),
  'https://example.com/?q=1', 'mailto:a@b.c', 't.me/a', '@replies', 'admin', '+1 555 000 1111', '9996610001', '11111', '0', 'en', 'android', '🏁', '᠎',
];

const PEOPLE = new Map([
  ['InputPeer', { user: 'inputPeerUser', self: 'inputPeerSelf' }],
  ['InputUser', { user: 'inputUser', self: 'inputUserSelf' }],
]);
/** Types that contain an InputPeer. */
const WRAPPERS = new Map([['InputDialogPeer', 'inputDialogPeer'], ['InputNotifyPeer', 'inputNotifyPeer']]);

/**
 * Creates requests from the schema as a client with a key could send them: well-formed TL, with values from plausible to absurd. It writes
 * bytes, because much hostile content (invalid UTF-8, undefined flag bits) cannot be expressed by an object.
 */
export class HostileTl {
  readonly #schema: Schema;
  readonly #random: Random;
  readonly #nowS: number;
  readonly #known = new Map<string, unknown[]>();
  #users: readonly KnownUser[] = [];
  /** Percentage of absurd values. */
  #wildness = 0;
  #left = 0;
  #parts: Buffer[] = [];

  /** @param nowS the server's time, so that some dates are close to it. */
  constructor(schema: Schema, random: Random, nowS: number) {
    this.#schema = schema;
    this.#random = random;
    this.#nowS = nowS;
  }

  /** Users whom requests can name correctly from now on. */
  meet(users: readonly KnownUser[]): void {
    this.#users = users;
  }

  /** Remembers the values of an answer by field name: ids, hashes and references reach more code of the server. */
  learn(answer: unknown, depth = 0): void {
    if (typeof answer !== 'object' || answer === null || answer instanceof Uint8Array || depth > 6) return;
    for (const [name, value] of Object.entries(answer)) {
      const first: unknown = Array.isArray(value) ? value[0] : value;
      if (typeof first === 'object' && !(first instanceof Uint8Array)) this.learn(value, depth + 1);
      else if (first !== undefined) this.keep(name, first);
    }
  }

  /** Remembers one value of a field. */
  keep(name: string, value: unknown): void {
    const kind = kindOf(name, value);
    const values = this.#known.get(kind) ?? [];
    this.#known.set(kind, values);
    if (values.length < KEPT) values.push(value);
    else values[below(this.#random, KEPT)] = value;
  }

  /** The bytes of a request of this method. */
  request(method: string): Uint8Array {
    const entry = this.#schema.byName.get(method);
    if (!entry) throw new Error(`layer ${this.#schema.layer} has no ${method}`);
    this.#parts = [];
    this.#wildness = pick(this.#random, [0, 4, 4, 15, 40, 100]);
    // A limit of values, not bytes; it ends deeply nested vectors.
    this.#left = 3_000;
    this.#object(entry, 0);
    return Uint8Array.from(Buffer.concat(this.#parts));
  }

  #isWild(): boolean {
    return below(this.#random, 100) < this.#wildness;
  }

  #uint(value: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value >>> 0);
    this.#parts.push(bytes);
  }

  #long(value: bigint): void {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt.asIntN(64, value));
    this.#parts.push(bytes);
  }

  #bytes(bytes: Uint8Array): void {
    const { length } = bytes;
    const head = length < 254 ? Buffer.of(length) : Buffer.of(254, length & 255, (length >> 8) & 255, length >> 16);
    this.#parts.push(head, Buffer.from(bytes), Buffer.alloc(-(head.length + length) & 3));
  }

  #object(entry: Entry, depth: number): void {
    this.#uint(entry.id);
    const flags = new Map<string, number>();
    for (const { flag } of entry.params) {
      if (!flag) continue;
      const wanted = depth < 6 && below(this.#random, 100) < 40;
      if (wanted) flags.set(flag.field, (flags.get(flag.field) ?? 0) | (1 << flag.bit));
    }
    for (const param of entry.params) {
      if (param.type.kind === 'true') continue;
      if (param.type.kind === 'flags') {
        const unknown = this.#isWild() && below(this.#random, 4) === 0 ? this.#bitsWithoutMeaning(entry, param) : 0;
        this.#uint((flags.get(param.name) ?? 0) | unknown);
      } else if (!param.flag || ((flags.get(param.flag.field) ?? 0) & (1 << param.flag.bit)) !== 0) {
        this.#value(param.type, param.name, depth);
      }
    }
  }

  #bitsWithoutMeaning(entry: Entry, flags: Param): number {
    let bits = this.#random.uint31();
    for (const { flag } of entry.params) if (flag?.field === flags.name) bits &= ~(1 << flag.bit);
    return bits;
  }

  #value(type: TypeRef, name: string, depth: number): void {
    this.#left -= 1;
    switch (type.kind) {
      case 'int':
        return this.#uint(this.#number(name));
      case 'long':
        return this.#long(this.#isWild() ? pick(this.#random, LONGS) : this.#of(name, 'bigint', () => BigInt(below(this.#random, 1_000))));
      case 'double': {
        const bytes = Buffer.alloc(8);
        bytes.writeDoubleLE(this.#isWild() ? pick(this.#random, DOUBLES) : below(this.#random, 180));
        this.#parts.push(bytes);
        return;
      }
      case 'string':
        return this.#bytes(this.#text(name));
      case 'bytes':
        return this.#bytes(this.#isWild() ? this.#random.bytes(pick(this.#random, LENGTHS)) : this.#of(name, 'bytes', () => this.#random.bytes(32)));
      case 'int128':
      case 'int256':
        this.#parts.push(Buffer.from(this.#random.bytes(type.kind === 'int128' ? 16 : 32)));
        return;
      case 'bool':
        return this.#uint(below(this.#random, 2) === 0 ? 0x997275b5 : 0xbc799737);
      case 'vector':
        return this.#vector(type, name, depth);
      case 'query':
        return this.#object(this.#schema.byName.get('help.getNearestDc')!, depth + 1);
      case 'boxed':
        return this.#boxed(type.name, depth + 1);
      default:
        throw new Error(`nothing hostile is known for ${type.kind}`);
    }
  }

  #number(name: string): number {
    if (this.#isWild()) return pick(this.#random, INTS);
    if (name.endsWith('date') && below(this.#random, 2) === 0) return this.#nowS + pick(this.#random, [-1, 0, 1, 10, 100_000, -100_000, 400 * 86_400]);
    if (name === 'offset' || name === 'length') return below(this.#random, 12);
    return this.#of(name, 'number', () => below(this.#random, 101));
  }

  #text(name: string): Uint8Array {
    if (!this.#isWild()) return Buffer.from(this.#of(name, 'string', () => pick(this.#random, ['Alice', 'hello there', 'a', 'Привет', '漢字 😀'])));
    const choice = below(this.#random, 200);
    if (choice === 0) return Buffer.alloc(pick(this.#random, [70_000, 200_000]), 'w ');
    if (choice < 60) return Buffer.concat([Buffer.from('a'), pick(this.#random, BYTES_OF_TEXT), Buffer.from('b')]);
    return Buffer.from(pick(this.#random, TEXTS));
  }

  #vector(type: Extract<TypeRef, { kind: 'vector' }>, name: string, depth: number): void {
    let length = depth > 6 || this.#left < 0 ? 0 : below(this.#random, 4);
    if (this.#isWild() && depth < 3) length = Math.min(pick(this.#random, [0, 1, 30, 101, 300, 1_000]), Math.max(0, this.#left));
    if (!type.bare) this.#uint(0x1cb5c415);
    this.#uint(length);
    const itemAt = this.#parts.length;
    // Many copies of one item, or different ones.
    const same = length > 3 && below(this.#random, 2) === 0;
    for (let i = 0; i < length && !(same && i === 1); i++) this.#value(type.item, name, depth + 1);
    if (!same) return;
    const item = Buffer.concat(this.#parts.splice(itemAt));
    this.#parts.push(...Array.from({ length }, () => item));
  }

  #boxed(type: string, depth: number): void {
    const members = this.#schema.types.get(type);
    if (!members) throw new Error(`layer ${this.#schema.layer} has no type ${type}`);
    // Sometimes a constructor of another type: the reader must refuse such a request.
    if (this.#isWild() && below(this.#random, 60) === 0) return this.#object(pick(this.#random, this.#schema.types.get('InputPeer')!), depth);
    if (!this.#isWild() && this.#person(type, depth)) return;
    const simplest = depth > 5 || this.#left < 0;
    this.#object(simplest ? members.reduce((a, b) => (b.params.length < a.params.length ? b : a)) : pick(this.#random, members), depth);
  }

  /** A known user if the type names one. */
  #person(type: string, depth: number): boolean {
    const wrapper = this.#schema.byName.get(WRAPPERS.get(type) ?? '');
    if (wrapper) {
      this.#object(wrapper, depth);
      return true;
    }
    const names = PEOPLE.get(type);
    if (!names || this.#users.length === 0) return false;
    if (below(this.#random, 4) === 0) {
      this.#uint(this.#schema.byName.get(names.self)!.id);
      return true;
    }
    const user = pick(this.#random, this.#users);
    this.#uint(this.#schema.byName.get(names.user)!.id);
    this.#long(user.userId);
    this.#long(user.accessHash);
    return true;
  }

  /** A value that occurred in an answer under this name, or another value. */
  #of<T>(name: string, kind: 'number' | 'bigint' | 'string' | 'bytes', other: () => T): T {
    const values = this.#known.get(`${kind}:${stem(name)}`);
    if (!values || below(this.#random, 5) === 0) return other();
    // The type of the value is part of the key.
    return pick(this.#random, values) as T;
  }
}

function kindOf(name: string, value: unknown): string {
  return `${value instanceof Uint8Array ? 'bytes' : typeof value}:${stem(name)}`;
}

/** Fields that contain the same kind of value under several names: `msg_id`, `max_id`, `reply_to_msg_id`. */
function stem(name: string): string {
  const last = name.slice(name.lastIndexOf('_') + 1);
  return last === 'ids' ? 'id' : last;
}
