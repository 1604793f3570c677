import { setImmediate } from 'node:timers/promises';

import { badRequest } from '../bot-error.ts';
import { FIELDS_MAX, SLICE_BYTES } from './body-limits.ts';

const [AND, EQUALS, PERCENT, PLUS, SPACE] = [0x26, 0x3d, 0x25, 0x2b, 0x20];
/** No digit. */
const NONE = 255;

/** The value of each hexadecimal digit, by its byte. */
const DIGITS = new Uint8Array(256).fill(NONE);
for (const [value, digit] of '0123456789abcdef'.split('').entries()) {
  DIGITS[digit.charCodeAt(0)] = value;
  DIGITS[digit.toUpperCase().charCodeAt(0)] = value;
}

/**
 * Reads a form in the encoding of URLs, as `URLSearchParams` does, but counts the fields first, and decodes long ones in slices, so that nobody waits for a body
 * that somebody made up.
 * @param add gets each field
 * @throws BotError 400 for too many fields, before any of them is read
 */
export async function readFields(form: Buffer, add: (name: string, value: string) => void): Promise<void> {
  let fields = 1;
  for (let at = form.indexOf(AND); at !== -1; at = form.indexOf(AND, at + 1)) if (++fields > FIELDS_MAX) throw badRequest('too many parameters');
  for (let from = 0; from < form.length; ) {
    const and = form.indexOf(AND, from);
    const field = form.subarray(from, and === -1 ? form.length : and);
    from += field.length + 1;
    if (field.length === 0) continue;
    const equals = field.indexOf(EQUALS);
    const [name, value] = equals === -1 ? [field, field.subarray(field.length)] : [field.subarray(0, equals), field.subarray(equals + 1)];
    add(await decode(name), await decode(value));
  }
}

async function decode(coded: Buffer): Promise<string> {
  if (!coded.includes(PERCENT) && !coded.includes(PLUS)) return coded.toString('utf8');
  const plain = Buffer.allocUnsafe(coded.length);
  let place = { from: 0, to: 0 };
  for (;;) {
    place = decodeSlice(coded, plain, place);
    if (place.from >= coded.length) return plain.toString('utf8', 0, place.to);
    await setImmediate();
  }
}

/** Decodes one slice. @returns where the next one begins in both */
function decodeSlice(coded: Buffer, plain: Buffer, { from, to }: { from: number; to: number }): { from: number; to: number } {
  const end = Math.min(coded.length, from + SLICE_BYTES);
  while (from < end) {
    const byte = coded[from++]!;
    if (byte === PERCENT) {
      const [high, low] = [DIGITS[coded[from] ?? 0]!, DIGITS[coded[from + 1] ?? 0]!];
      const isCoded = high !== NONE && low !== NONE;
      plain[to++] = isCoded ? (high << 4) | low : byte;
      if (isCoded) from += 2;
    } else plain[to++] = byte === PLUS ? SPACE : byte;
  }
  return { from, to };
}
