import pg from 'pg';

const INT2 = 21;
const INT4 = 23;
const INT8 = 20;
const INT8_ARRAY = 1016;

const parseInt8Array = (text: string): bigint[] =>
  text === '{}' ? [] : text.slice(1, -1).split(',').map((item) => BigInt(item));

/** How a column of a type is read from its text. TL longs are bigint everywhere; everything else is read as the driver does. */
export function parserOf(oid: number): (text: string) => unknown {
  if (oid === INT8) return BigInt;
  if (oid === INT4 || oid === INT2) return Number;
  if (oid === INT8_ARRAY) return parseInt8Array;
  return pg.types.getTypeParser(oid, 'text') as (text: string) => unknown;
}

/** The same for the driver's own queries. */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    format === 'binary' ? (pg.types.getTypeParser(oid, format) as (value: string) => unknown) : parserOf(oid),
};
