import pg from 'pg';

const INT2 = 21;
const INT4 = 23;
const INT8 = 20;
const INT8_ARRAY = 1016;

/** Integers with up to this many digits are exact as numbers. */
const EXACT_DIGITS = 15;

const [COMMA, ZERO, NINE] = [44, 48, 57];

/**
 * Arrays may hold thousands of ids. Most elements are parsed digit by digit, which takes less than half the time of slicing and parsing
 * each element.
 */
function parseInt8Array(text: string): bigint[] {
  const items: bigint[] = [];
  const end = text.length - 1;
  for (let at = 1; at < end; at++) {
    const start = at;
    let value = 0;
    let code = text.charCodeAt(at);
    for (; code >= ZERO && code <= NINE; code = text.charCodeAt(++at)) value = value * 10 + (code - ZERO);
    if (at > start && at - start <= EXACT_DIGITS) {
      items.push(BigInt(value));
      continue;
    }
    // A negative or large number.
    while (at < end && text.charCodeAt(at) !== COMMA) at++;
    items.push(BigInt(text.slice(start, at)));
  }
  return items;
}

/** Returns the parser for text values of a column type. TL longs are bigint everywhere; other types are parsed as the driver does. */
export function parserOf(oid: number): (text: string) => unknown {
  if (oid === INT8) return BigInt;
  if (oid === INT4 || oid === INT2) return Number;
  if (oid === INT8_ARRAY) return parseInt8Array;
  return pg.types.getTypeParser(oid, 'text') as (text: string) => unknown;
}

/** The same parsers for the driver's own queries. */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    format === 'binary' ? (pg.types.getTypeParser(oid, format) as (value: string) => unknown) : parserOf(oid),
};
