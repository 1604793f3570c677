// One fixed object of a form: every field is present, with a plain value. It only depends on the layer's own schema, which never changes,
// so golden bytes stay the same when newer layers are added.
import { typeText, type Entry, type Param, type Schema, type TypeRef } from '@aerogram/tl-codegen';

export interface Sample {
  _: string;
  [field: string]: unknown;
}

/** Whether the newest layer has everything that an object of this form must contain. */
function isWithin(entry: Entry, now: Entry | undefined): boolean {
  return now !== undefined && entry.params.every((p) => p.flag || p.type.kind === 'flags' || now.params.some((q) => q.name === p.name && typeText(q.type) === typeText(p.type)));
}

export class Samples {
  readonly #simplest = new Map<string, Entry>();

  /** @param isConverted  forms with a hand-written converter: no object inside a sample has such a form */
  constructor(schema: Schema, newest: Schema, isConverted: (entry: Entry) => boolean) {
    this.#findSimplest(schema, (entry) => newest.byId.has(entry.id));
    this.#findSimplest(schema, (entry) => !isConverted(entry) && isWithin(entry, newest.byName.get(entry.name)));
  }

  /** For each type that has none yet, a constructor that can be created without recursion through required fields. */
  #findSimplest(schema: Schema, isUsable: (entry: Entry) => boolean): void {
    for (let found = true; found;) {
      found = false;
      for (const [type, members] of schema.types) {
        if (this.#simplest.has(type)) continue;
        const member = members.find((m) => isUsable(m) && m.params.every((p) => p.flag || this.#isSimple(p.type)));
        if (!member) continue;
        this.#simplest.set(type, member);
        found = true;
      }
    }
  }

  #isSimple(type: TypeRef): boolean {
    return type.kind !== 'boxed' || this.#simplest.has(type.name);
  }

  /** An object of this form, with bare objects inside; `undefined` if a required field has a type without a plain constructor. */
  full(entry: Entry): Sample | undefined {
    return this.#object(entry, 1, (p) => !p.flag || (this.#hasSample(p.type) && this.#isWholeBit(entry, p)));
  }

  /** A bit shared by several fields is set when all of them are present. */
  #isWholeBit(entry: Entry, { flag }: Param): boolean {
    return entry.params.every((p) => p.flag?.field !== flag!.field || p.flag.bit !== flag!.bit || this.#hasSample(p.type));
  }

  #hasSample(type: TypeRef): boolean {
    if (type.kind === 'vector') return this.#hasSample(type.item);
    return type.kind !== 'query' && type.kind !== 'object' && this.#isSimple(type);
  }

  #object(entry: Entry, depth: number, isKept: (p: Param) => boolean): Sample | undefined {
    const object: Sample = { _: entry.name };
    for (const [i, p] of entry.params.entries()) {
      if (p.type.kind === 'flags' || !isKept(p)) continue;
      if (depth > 0 && !this.#hasSample(p.type)) return undefined;
      object[p.name] = this.#value(p.type, i + 1, depth);
    }
    return object;
  }

  #value(type: TypeRef, n: number, depth: number): unknown {
    switch (type.kind) {
      case 'int': return n;
      case 'long': return BigInt(n) << 33n;
      case 'double': return n + 0.5;
      case 'string': return `s${n}`;
      case 'bytes': return Uint8Array.of(n);
      case 'int128': return new Uint8Array(16).fill(n);
      case 'int256': return new Uint8Array(32).fill(n);
      case 'bool': case 'true': return true;
      case 'vector': return depth > 0 ? [this.#value(type.item, n, depth)] : [];
      case 'boxed': return this.#object(this.#simplest.get(type.name)!, depth - 1, (p) => !p.flag);
      default: throw new Error(`no sample of ${type.kind}`);
    }
  }
}
