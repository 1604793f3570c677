/** What a value of DER begins with, by type. */
const TAG = { boolean: 0x01, integer: 0x02, bits: 0x03, octets: 0x04, oid: 0x06, utf8: 0x0c, utcTime: 0x17, generalizedTime: 0x18, sequence: 0x30, set: 0x31 } as const;

function tagged(tag: number, content: Uint8Array): Buffer {
  const length: number[] = [];
  for (let rest = content.length; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest % 256);
  const head = content.length < 128 ? [content.length] : [0x80 | length.length, ...length];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

/** A SEQUENCE of encoded values. */
export const sequence = (...items: readonly Uint8Array[]): Buffer => tagged(TAG.sequence, Buffer.concat(items));

/** A SET of one encoded value. */
export const setOf = (item: Uint8Array): Buffer => tagged(TAG.set, item);

/** A value with a tag of its context around it. */
export const explicit = (tag: number, item: Uint8Array): Buffer => tagged(0xa0 | tag, item);

/** A value in place of whose own tag stands one of its context. */
export const implicit = (tag: number, content: Uint8Array): Buffer => tagged(0x80 | tag, content);

/** A BOOLEAN that is true. */
export const yes = (): Buffer => tagged(TAG.boolean, Buffer.from([0xff]));

/** An INTEGER that is not negative, from its bytes, the most significant first. */
export function integer(bytes: Uint8Array): Buffer {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const short = bytes.subarray(start);
  return tagged(TAG.integer, short[0]! >= 0x80 ? Buffer.concat([Buffer.of(0), short]) : short);
}

/** A BIT STRING; `unused` bits of its last byte do not count. */
export const bitString = (bytes: Uint8Array, unused = 0): Buffer => tagged(TAG.bits, Buffer.concat([Buffer.of(unused), bytes]));

/** An OCTET STRING. */
export const octetString = (bytes: Uint8Array): Buffer => tagged(TAG.octets, bytes);

/** A UTF8String. */
export const utf8String = (text: string): Buffer => tagged(TAG.utf8, Buffer.from(text));

/** An OBJECT IDENTIFIER, written with dots. */
export function oid(dotted: string): Buffer {
  const [first, second, ...rest] = dotted.split('.').map(Number);
  const bytes = [first! * 40 + second!, ...rest].flatMap((part) => {
    const digits = [part % 128];
    for (let high = Math.floor(part / 128); high > 0; high = Math.floor(high / 128)) digits.unshift(0x80 | (high % 128));
    return digits;
  });
  return tagged(TAG.oid, Buffer.from(bytes));
}

/** A moment, in milliseconds since 1970, as certificates write it: with two digits of the year before 2050. */
export function time(ms: number): Buffer {
  const date = new Date(ms);
  const digits = `${date.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`;
  return date.getUTCFullYear() < 2050 ? tagged(TAG.utcTime, Buffer.from(digits.slice(2))) : tagged(TAG.generalizedTime, Buffer.from(digits));
}
