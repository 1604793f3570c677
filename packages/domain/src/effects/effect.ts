import { findJsonExcess } from '@aerogram/runtime';
import { z } from 'zod';

/**
 * What an act here does to somebody whose home is another data centre: plain data, written in the transaction of the act (`Boxes.tell`), carried by the link, and
 * applied at that home, once and in order. It is checked there as if a client had sent it: another home speaks for its own people only.
 */
export interface Effect {
  /** Names the kind; see {@link EffectKind}. */
  kind: string;
  /** Who acts: a user of the home that sends the effect. */
  from: bigint;
  /** Whose rows it changes: a user of the home that receives it. Absent: it changes no box, but the card or the names of `from`. */
  to?: bigint | undefined;
}

/** A kind of effects: how it is written and checked. */
export interface EffectKind<E extends Effect> {
  readonly kind: E['kind'];
  /** Checks what another home has sent. It bounds every text and list. */
  readonly schema: z.ZodType<E>;
}

/** The greatest frame that is taken from another home, in bytes. What is told stays far below it, because all that clients write is bounded. */
export const MAX_FRAME_BYTES = 256 * 1024;

/** A 64-bit number in a frame: its decimal text. */
export const wireInt = z.string().regex(/^-?\d{1,20}$/).transform((text) => BigInt.asIntN(64, BigInt(text)));

/** The id of a user in a frame. */
export const wireUserId = wireInt.refine((id) => id > 0n);

/** Bytes in a frame: their base64 text. */
export const wireBytes = (maxBytes: number): z.ZodType<Uint8Array> => z.base64().max(Math.ceil(maxBytes / 3) * 4).transform((text): Uint8Array => Buffer.from(text, 'base64'));

/** Plain data with numbers of 64 bits as decimal texts, bytes as base64, and without fields that are undefined. */
function plainOf(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(plainOf);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plainOf(field)]));
}

/** Writes plain data as a frame, or as a question or an answer between homes: JSON, see `wireInt` and `wireBytes`. */
export function packPlain(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(plainOf(value)));
}

/**
 * Reads what {@link packPlain} wrote. It is counted first: a hostile home could hold up all others with a body of many values, of which each is judged.
 * @param valuesMax the most values, if it may have more than a request may have
 * @throws Error when it is not what the schema says
 */
export function unpackPlain<T>(schema: z.ZodType<T>, bytes: Uint8Array, valuesMax?: number): T {
  const text = Buffer.from(bytes).toString('utf8');
  const excess = findJsonExcess(text, valuesMax);
  if (excess !== undefined) throw new Error(`a body from another data centre is too ${excess}`);
  return schema.parse(JSON.parse(text));
}
