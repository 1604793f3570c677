import { readFileSync } from 'node:fs';
import { LAYER } from '@aerogram/tl';

interface Field {
  name: string;
  type: string;
  /** `flags.3?` marks an optional field. */
  optional: boolean;
  /** For example `flags.3`; fields with the same flag are present together. */
  flag: string | undefined;
}

/** A constructor or method of the schema. */
export interface Combinator {
  name: string;
  type: string;
  fields: Field[];
}

/** The newest schema. */
export interface Schema {
  /** Constructors by boxed type. */
  byType: Map<string, Combinator[]>;
  methods: Map<string, Combinator>;
}

/** Reads the newest schema. */
export function loadSchema(): Schema {
  const text = readFileSync(new URL(`../../../schema/api-${LAYER}.tl`, import.meta.url), 'utf8');
  const byType = new Map<string, Combinator[]>();
  const methods = new Map<string, Combinator>();
  let inMethods = false;
  for (const line of text.split('\n')) {
    if (line.startsWith('---functions---')) inMethods = true;
    if (line.startsWith('---types---')) inMethods = false;
    const match = /^([\w.]+)#[0-9a-f]+ (?:\{[^}]*\} )?(.*)= ([\w.<>]+);/.exec(line);
    if (!match) continue;
    const [, name = '', args = '', type = ''] = match;
    const fields = args
      .trim()
      .split(' ')
      .filter((arg) => arg.includes(':') && !arg.endsWith(':#'))
      .map((arg): Field => {
        const [field = '', rest = ''] = arg.split(':');
        const optional = rest.includes('?');
        return { name: field, type: optional ? rest.slice(rest.indexOf('?') + 1) : rest, optional, flag: optional ? rest.slice(0, rest.indexOf('?')) : undefined };
      });
    const combinator = { name, type, fields };
    if (inMethods) methods.set(name, combinator);
    else byType.set(type, [...(byType.get(type) ?? []), combinator]);
  }
  return { byType, methods };
}

/** References that are right for every caller, by type. */
const REFERENCES: Readonly<Record<string, object>> = { InputPeer: { _: 'inputPeerSelf' }, InputUser: { _: 'inputUserSelf' } };

/**
 * The simplest value of a TL type.
 * @param plain makes an object of a constructor; called with the constructor that has the fewest fields
 */
export function plainValue({ byType }: Schema, type: string, plain: (constructor: Combinator) => object): unknown {
  if (/^[Vv]ector</.test(type)) return [];
  if (type in REFERENCES) return REFERENCES[type];
  switch (type) {
    case 'int': return 1;
    case 'long': return 1n;
    case 'double': return 1;
    case 'string': return 'x';
    case 'Bool': case 'true': return true;
    case 'bytes': return new Uint8Array();
    case 'int128': return new Uint8Array(16);
    case 'int256': return new Uint8Array(32);
    default: return plain(simplestOf(byType.get(type)!));
  }
}

/** The constructor with the fewest fields; the first of several. */
function simplestOf(constructors: readonly Combinator[]): Combinator {
  return constructors.reduce((a, b) => (b.fields.length < a.fields.length ? b : a));
}

const INTS = [0, 1, -1, 2, 100, 777000, 2 ** 31 - 1, -(2 ** 31), 1_700_000_000];
const LONGS = [0n, 1n, -1n, 2n, 10n, 777000n, 2n ** 40n, 10n ** 12n, 2n ** 63n - 1n, -(2n ** 63n)];
const STRINGS = [
  '', ' ', 'a', 'Alice', '\u0000', 'a\u0000b', "'; DROP TABLE users; --", '%_\\', 'x'.repeat(5000), '\u{1F600}'.repeat(100),
  '\u202e\u200d', 'привет', '漢字', '+1 555 000 1111', '9996610001', '11111', '@replies', 'replies', '0123456789abcdef01234567',
];

/** Creates requests that the schema allows but no sane client sends. `pick(n)` returns 0 … n − 1. */
export class RandomRequests {
  readonly #schema = loadSchema();
  readonly #pick: (n: number) => number;
  readonly #ids: readonly bigint[];

  /** @param ids longs that the server knows, mixed with the others */
  constructor(pick: (n: number) => number, ids: readonly bigint[]) {
    this.#pick = pick;
    this.#ids = [...LONGS, ...ids];
  }

  /** A request of this method. */
  make(method: string): { _: string } {
    const combinator = this.#schema.methods.get(method);
    if (!combinator) throw new Error(`the schema has no ${method}`);
    return this.#object(combinator, 0);
  }

  #object(combinator: Combinator, depth: number): { _: string } {
    const object: Record<string, unknown> & { _: string } = { _: combinator.name };
    for (const { name, type, optional } of combinator.fields) {
      if (optional && (depth > 4 || this.#pick(2) === 0)) continue;
      object[name] = this.#value(type, depth);
    }
    return object;
  }

  #value(type: string, depth: number): unknown {
    const vector = /^[Vv]ector<(.*)>$/.exec(type);
    if (vector) {
      const length = depth > 4 ? 0 : this.#pick(4);
      return Array.from({ length }, () => this.#value(vector[1] ?? '', depth + 1));
    }
    switch (type) {
      case 'true':
        return true;
      case 'Bool':
        return this.#pick(2) === 0;
      case 'int':
        return this.#of(INTS);
      case 'long':
        return this.#of(this.#ids);
      case 'double':
        return this.#of([0, -1.5, 1e300, NaN]);
      case 'string':
        return this.#of(STRINGS);
      case 'bytes':
        return Uint8Array.from({ length: this.#of([0, 1, 32, 300]) }, () => this.#pick(256));
      case 'int128':
        return new Uint8Array(16);
      case 'int256':
        return new Uint8Array(32);
      default:
        return this.#object(this.#constructorOf(type, depth), depth + 1);
    }
  }

  #constructorOf(type: string, depth: number): Combinator {
    const all = this.#schema.byType.get(type);
    if (!all) throw new Error(`the schema has no type ${type}`);
    // At great depth only the simplest constructors are used, so that every request ends.
    return depth > 4 ? simplestOf(all) : this.#of(all);
  }

  #of<T>(items: readonly T[]): T {
    return items[this.#pick(items.length)]!;
  }
}
