// Reads TL by the schema of one layer, independent of the generated code, for comparison in tests.
import type { Entry, Schema, TypeRef } from '@aerogram/tl-codegen';

const VECTOR_ID = 0x1cb5c415;

/** A value of the layer's own schema: `_` names the layer's constructor. */
export class SchemaReader {
  readonly #schema: Schema;
  readonly #bytes: Buffer;
  pos = 0;

  constructor(schema: Schema, bytes: Uint8Array) {
    this.#schema = schema;
    this.#bytes = Buffer.from(bytes);
  }

  get left(): number {
    return this.#bytes.length - this.pos;
  }

  #uint(): number {
    this.pos += 4;
    return this.#bytes.readUInt32LE(this.pos - 4);
  }

  #raw(n: number): Uint8Array {
    if (this.left < n) throw new Error('too short');
    this.pos += n;
    return new Uint8Array(this.#bytes.subarray(this.pos - n, this.pos));
  }

  #string(): Uint8Array {
    let length = this.#bytes.readUInt8(this.pos);
    let head = 1;
    if (length === 254) {
      length = this.#bytes.readUIntLE(this.pos + 1, 3);
      head = 4;
    }
    this.pos += head;
    const value = this.#raw(length);
    this.pos += -(head + length) & 3;
    return value;
  }

  value(type: TypeRef): unknown {
    switch (type.kind) {
      case 'int': return this.#uint() | 0;
      case 'flags': return this.#uint();
      case 'long': return Buffer.from(this.#raw(8)).readBigInt64LE();
      case 'double': return Buffer.from(this.#raw(8)).readDoubleLE();
      case 'string': return Buffer.from(this.#string()).toString();
      case 'bytes': return this.#string();
      case 'int128': return this.#raw(16);
      case 'int256': return this.#raw(32);
      case 'bool': {
        const id = this.#uint();
        if (id !== 0x997275b5 && id !== 0xbc799737) throw new Error('no Bool');
        return id === 0x997275b5;
      }
      case 'vector': {
        if (!type.bare && this.#uint() !== VECTOR_ID) throw new Error('no vector');
        return Array.from({ length: this.#uint() }, () => this.value(type.item));
      }
      case 'boxed': return this.boxed(type.name);
      default: throw new Error(`cannot read ${type.kind}`);
    }
  }

  /** Reads a boxed value, which must have the given type, if any. */
  boxed(type?: string): { _: string } {
    const id = this.#uint();
    const entry = this.#schema.byId.get(id);
    if (!entry) throw new Error(`layer ${this.#schema.layer} has no #${id.toString(16)}`);
    const own = entry.result.kind === 'boxed' ? entry.result.name : '';
    if (type !== undefined && own !== type) throw new Error(`${entry.name} is no ${type}`);
    return this.fields(entry);
  }

  fields(entry: Entry): { _: string } {
    const value: Record<string, unknown> & { _: string } = { _: entry.name };
    for (const p of entry.params) {
      if (p.flag && !((value[p.flag.field] as number) & (1 << p.flag.bit))) continue;
      value[p.name] = p.type.kind === 'true' ? true : this.value(p.type);
    }
    for (const p of entry.params) if (p.type.kind === 'flags') delete value[p.name];
    return value;
  }
}
