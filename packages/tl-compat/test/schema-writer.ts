// Writes TL by the schema of one layer, independent of the generated code: what a client of that layer would send.
import { fieldsByBit, type Schema, type TypeRef } from '@aerogram/tl-codegen';

type Fields = Record<string, unknown> & { _: string };

/** Encodes a constructor or method of the layer; `_` is its name in the layer. */
export function writeBySchema(schema: Schema, value: object): Buffer {
  const parts: Buffer[] = [];
  const write = (bytes: Buffer) => void parts.push(bytes);
  const uint = (n: number) => {
    const b = Buffer.alloc(4);
    b.writeUInt32LE(n >>> 0);
    write(b);
  };
  const string = (bytes: Buffer) => {
    const head = bytes.length < 254 ? Buffer.of(bytes.length) : Buffer.of(254, bytes.length & 255, (bytes.length >> 8) & 255, bytes.length >> 16);
    write(Buffer.concat([head, bytes, Buffer.alloc(-(head.length + bytes.length) & 3)]));
  };
  const put = (type: TypeRef, v: unknown): void => {
    switch (type.kind) {
      case 'int': return uint(v as number);
      case 'long': {
        const b = Buffer.alloc(8);
        b.writeBigInt64LE(v as bigint);
        return write(b);
      }
      case 'double': {
        const b = Buffer.alloc(8);
        b.writeDoubleLE(v as number);
        return write(b);
      }
      case 'string': return string(Buffer.from(v as string));
      case 'bytes': return string(Buffer.from(v as Uint8Array));
      case 'int128': case 'int256': return write(Buffer.from(v as Uint8Array));
      case 'bool': return uint(v ? 0x997275b5 : 0xbc799737);
      case 'vector': {
        const items = v as unknown[];
        uint(0x1cb5c415);
        uint(items.length);
        return items.forEach((item) => put(type.item, item));
      }
      case 'boxed': case 'query': return boxed(v as Fields);
      default: throw new Error(`cannot write ${type.kind}`);
    }
  };
  const boxed = (object: Fields): void => {
    const entry = schema.byName.get(object._);
    if (!entry) throw new Error(`layer ${schema.layer} has no ${object._}`);
    uint(entry.id);
    const bits = fieldsByBit(entry);
    for (const p of entry.params) {
      if (p.type.kind === 'flags') {
        let flags = 0;
        for (const fields of bits.values()) {
          if (fields[0]!.flag!.field === p.name && fields.some((f) => object[f.name] !== undefined)) flags |= 1 << fields[0]!.flag!.bit;
        }
        uint(flags);
      } else if (p.type.kind !== 'true' && !(p.flag && object[p.name] === undefined)) put(p.type, object[p.name]);
    }
  };
  boxed(value as Fields);
  return Buffer.concat(parts);
}
