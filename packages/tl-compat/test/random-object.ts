// Random objects of any constructor, created from the schema: for tests that must cover every field and constructor.
import type { Entry, Schema, TypeRef } from '@aerogram/tl-codegen';

/** A small seeded generator (mulberry32): the same seed gives the same objects. */
export function createDice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface RandomOptions {
  /** Constructors that may be chosen for a boxed field; by default all of the type. */
  isAllowed?: (entry: Entry) => boolean;
  /** Number of bits of longs, signed if it is 64 (the default). Some clients store ids in doubles. */
  bits?: number;
}

export class RandomObjects {
  readonly #schema: Schema;
  readonly #roll: () => number;
  readonly #isAllowed: (entry: Entry) => boolean;
  readonly #bits: number;
  readonly #smallest = new Map<string, Entry>();

  constructor(schema: Schema, seed: number, options: RandomOptions = {}) {
    this.#schema = schema;
    this.#roll = createDice(seed);
    this.#isAllowed = options.isAllowed ?? (() => true);
    this.#bits = options.bits ?? 64;
    this.#findSmallest();
  }

  /** For each type a constructor that can be created without recursion through required fields. */
  #findSmallest(): void {
    for (let found = true; found;) {
      found = false;
      for (const [type, members] of this.#schema.types) {
        if (this.#smallest.has(type)) continue;
        const member = members.find((m) => this.#isAllowed(m) && m.params.every((p) => p.flag || p.type.kind !== 'boxed' || this.#smallest.has(p.type.name)));
        if (member) {
          this.#smallest.set(type, member);
          found = true;
        }
      }
    }
  }

  #below(n: number): number {
    return Math.floor(this.#roll() * n);
  }

  /** An object of this constructor; below `depth` levels, optional fields are left out and the simplest constructors are used. */
  object(entry: Entry, depth = 4): { _: string } {
    const value: Record<string, unknown> & { _: string } = { _: entry.name };
    const bits = new Map<string, boolean>();
    for (const p of entry.params) {
      if (p.type.kind === 'flags') continue;
      if (p.flag) {
        const key = `${p.flag.field}.${p.flag.bit}`;
        if (!bits.has(key)) bits.set(key, depth > 0 && this.#roll() < 0.6);
        if (!bits.get(key)) continue;
      }
      value[p.name] = p.type.kind === 'true' ? true : this.value(p.type, depth);
    }
    return value;
  }

  value(type: TypeRef, depth: number): unknown {
    switch (type.kind) {
      case 'int': return this.#below(2 ** 32) | 0;
      case 'long': return this.#long();
      case 'double': return this.#below(1_000_000) / 64;
      case 'string': return ['', 'a', 'Привет', '👋🏽 hi', 'x'.repeat(300)][this.#below(5)];
      case 'bytes': return this.#bytes(this.#below(20));
      case 'int128': return this.#bytes(16);
      case 'int256': return this.#bytes(32);
      case 'bool': return this.#roll() < 0.5;
      case 'vector': return Array.from({ length: depth > 0 ? this.#below(3) : 0 }, () => this.value(type.item, depth - 1));
      case 'boxed': return this.boxed(type.name, depth - 1);
      case 'query': return { _: 'help.getConfig' };
      default: throw new Error(`no random ${type.kind}`);
    }
  }

  boxed(type: string, depth: number): unknown {
    const members = this.#schema.types.get(type)!.filter(this.#isAllowed);
    const entry = depth > 0 ? members[this.#below(members.length)]! : this.#smallest.get(type)!;
    return this.object(entry, depth);
  }

  #long(): bigint {
    const long = (BigInt(this.#below(2 ** 32)) << 32n) | BigInt(this.#below(2 ** 32));
    return this.#bits === 64 ? BigInt.asIntN(64, long) : BigInt.asUintN(this.#bits, long);
  }

  #bytes(n: number): Uint8Array {
    return Uint8Array.from({ length: n }, () => this.#below(256));
  }
}
