import type { SqlValue } from './sql-value.ts';
import type { WireWriter } from './wire-writer.ts';

/** Writes an array parameter in PostgreSQL's binary format. */
export type ArrayEncoder = (writer: WireWriter, values: readonly SqlValue[]) => void;

/** Oid of the element type, and how to write one element with its length prefix. */
interface ElementType {
  oid: number;
  write(writer: WireWriter, value: SqlValue): void;
}

function writeBytes(writer: WireWriter, value: SqlValue): void {
  const bytes = value as Uint8Array;
  writer.int32(bytes.length);
  writer.bytes(bytes);
}

const INT8: ElementType = {
  oid: 20,
  write(writer, value) {
    writer.int32(8);
    writer.int64(typeof value === 'bigint' ? value : BigInt(value as number | string));
  },
};
const INT4: ElementType = {
  oid: 23,
  write(writer, value) {
    writer.int32(4);
    writer.int32(Number(value));
  },
};
const INT2: ElementType = {
  oid: 21,
  write(writer, value) {
    writer.int32(2);
    writer.int16(Number(value));
  },
};
const BOOL: ElementType = {
  oid: 16,
  write(writer, value) {
    writer.int32(1);
    writer.byte(value === true ? 1 : 0);
  },
};
const TEXT: ElementType = { oid: 25, write: (writer, value) => writer.prefixedText(String(value)) };
const BYTEA: ElementType = { oid: 17, write: writeBytes };

/** By the type name in the cast, as in `$1::bigint[]`. */
const ELEMENT_TYPES: Readonly<Record<string, ElementType>> = {
  bigint: INT8,
  int8: INT8,
  integer: INT4,
  int: INT4,
  int4: INT4,
  smallint: INT2,
  int2: INT2,
  bool: BOOL,
  boolean: BOOL,
  text: TEXT,
  bytea: BYTEA,
};

/**
 * Returns the array encoders of a statement by parameter: `$1::bigint[]` gives the type of `$1`. As text, the arrays of a batch of sends
 * would cost the server a tenth of its CPU time, and the database nearly as much to parse.
 */
export function arrayEncodersOf(text: string): readonly (ArrayEncoder | undefined)[] {
  const encoders: (ArrayEncoder | undefined)[] = [];
  for (const [, number, type] of text.matchAll(/\$(\d+)::(\w+)\[\]/g)) {
    const element = ELEMENT_TYPES[type!];
    if (!element) throw new Error(`a list of ${type} cannot be sent: add the type to ${import.meta.filename}`);
    encoders[Number(number) - 1] = (writer, values) => writeArray(writer, element, values);
  }
  return encoders;
}

/** @see https://github.com/postgres/postgres/blob/master/src/backend/utils/adt/arrayfuncs.c array_recv */
function writeArray(writer: WireWriter, element: ElementType, values: readonly SqlValue[]): void {
  const lengthAt = writer.reserve(4);
  const start = writer.length;
  writer.int32(values.length === 0 ? 0 : 1);
  const nullsAt = writer.reserve(4);
  writer.int32(element.oid);
  if (values.length > 0) {
    writer.int32(values.length);
    // PostgreSQL arrays start at index 1.
    writer.int32(1);
  }
  let nulls = 0;
  for (const value of values) {
    if (value === null) {
      nulls = 1;
      writer.int32(-1);
    } else {
      element.write(writer, value);
    }
  }
  writer.int32At(nullsAt, nulls);
  writer.int32At(lengthAt, writer.length - start);
}
