import { LinkFault } from './frames.ts';

/** Versions of the protocol that this program speaks. */
export const VERSIONS = { newest: 1, oldest: 1 } as const;

/** What each end says first. */
export interface Greeting {
  /** The newest and the oldest version of the protocol that the sender speaks; both ends use the lower one of the newest. */
  newest: number;
  oldest: number;
  /** Of the sender; its certificate must say the same. */
  name: string;
  /** The incarnation of the sender. */
  token: bigint;
}

/** Encodes a greeting. */
export const writeGreeting = ({ token, ...rest }: Greeting): Buffer => Buffer.from(JSON.stringify({ ...rest, token: String(token) }));

/**
 * Reads a greeting. Fields that it does not know are of later versions.
 * @throws LinkFault if it is none
 */
export function readGreeting(body: Uint8Array): Greeting {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body).toString());
  } catch {
    throw new LinkFault('a greeting that is no JSON');
  }
  const { newest, oldest, name, token } = (value ?? {}) as Partial<Record<string, unknown>>;
  if (!isVersion(newest) || !isVersion(oldest) || typeof name !== 'string' || typeof token !== 'string' || !/^-?\d{1,19}$/.test(token)) {
    throw new LinkFault('a greeting with other fields');
  }
  return { newest, oldest, name, token: BigInt(token) };
}

const isVersion = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;

/**
 * The version that two ends speak.
 * @throws LinkFault if there is none that both speak
 */
export function agreeOnVersion(own: Pick<Greeting, 'newest' | 'oldest'>, other: Pick<Greeting, 'newest' | 'oldest'>): number {
  const version = Math.min(own.newest, other.newest);
  if (version < own.oldest || version < other.oldest) throw new LinkFault('no version of the protocol that both speak');
  return version;
}

/** What is asked: the length of its name (1 byte), its name, and what belongs to it. @throws Error for a name that is empty or longer than 255 bytes */
export function writeRequest(kind: string, body: Uint8Array): Buffer {
  const name = Buffer.from(kind);
  if (name.length === 0 || name.length > 255) throw new Error('a kind of call has a name of 1 to 255 bytes');
  return Buffer.concat([Buffer.of(name.length), name, body]);
}

/** Reads what is asked. @throws LinkFault if it is cut off */
export function readRequest(bytes: Uint8Array): { kind: string; body: Uint8Array } {
  const end = 1 + (bytes[0] ?? 0);
  if (end === 1 || bytes.length < end) throw new LinkFault('a call without a name');
  return { kind: Buffer.from(bytes.subarray(1, end)).toString(), body: bytes.subarray(end) };
}

/** Why the other end did not answer a call. On the wire each is its place in this list, so new ones are added at the end. */
const REFUSALS = ['failed', 'busy', 'unknown', 'refused'] as const;

/** See {@link LinkError}. */
export type Refusal = (typeof REFUSALS)[number];

/** Encodes a refusal. */
export const writeRefusal = (reason: Refusal, words: string): Buffer => Buffer.concat([Buffer.of(REFUSALS.indexOf(reason)), Buffer.from(words)]);

/** Reads a refusal; one that is not known means that the call failed. */
export function readRefusal(body: Uint8Array): { reason: Refusal; words: string } {
  return { reason: REFUSALS[body[0] ?? 0] ?? 'failed', words: Buffer.from(body.subarray(1)).toString() };
}
