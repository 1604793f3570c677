/** Kinds of topics that are announced, by the prefix of the topic. */
const KINDS: ReadonlyMap<string, number> = new Map([
  ['user', 1],
  ['channels', 2],
  ['bot', 3],
]);

/** Ids with more digits are not announced; a key must be a whole number below 2^53. */
const ID = /^(?:0|[1-9]\d{0,14})$/;

const ENTRY_BYTES = 8;

/** What a message about interest holds; the bits may stand together. */
export const PART = {
  /** What has changed since the message before. */
  changes: 0,
  /** The first part of everything. */
  first: 1,
  /** A part of everything that is neither the first nor the last. */
  middle: 2,
  /** The last part of everything. */
  last: 4,
} as const;

/** The number by which nodes tell each other that they listen to a topic, above 0; undefined for a topic that cannot be announced. */
export function interestKey(topic: string): number | undefined {
  const colon = topic.indexOf(':');
  const kind = KINDS.get(topic.slice(0, colon));
  const id = topic.slice(colon + 1);
  return kind === undefined || !ID.test(id) ? undefined : Number(id) * 4 + kind;
}

/** How many keys fit into a message whose body has this many bytes at most; 1 at least. */
export const keysIn = (bodyBytes: number): number => Math.max(1, Math.floor((bodyBytes - 1) / ENTRY_BYTES));

/** Writes the body of a message: its parts, and for each key a number of 8 bytes, negative for a topic that is no longer listened to. */
export function writeInterest(parts: number, keys: readonly number[]): Buffer {
  const body = Buffer.allocUnsafe(1 + keys.length * ENTRY_BYTES);
  body[0] = parts;
  for (const [index, key] of keys.entries()) body.writeDoubleLE(key, 1 + index * ENTRY_BYTES);
  return body;
}

/** Reads what {@link writeInterest} wrote; undefined for other bytes. */
export function readInterest(body: Buffer): { parts: number; keys: number[] } | undefined {
  const parts = body[0];
  if (parts === undefined || parts > (PART.first | PART.middle | PART.last) || (body.length - 1) % ENTRY_BYTES !== 0) return undefined;
  const keys = Array.from({ length: (body.length - 1) / ENTRY_BYTES }, (_, index) => body.readDoubleLE(1 + index * ENTRY_BYTES));
  return keys.every((key) => Number.isSafeInteger(key) && key !== 0 && (key > 0 || parts === PART.changes)) ? { parts, keys } : undefined;
}
