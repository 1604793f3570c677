import { HintReader, HintWriter } from './hint-codec.ts';

/** A hint with the topic that it is published on. */
export interface NamedHint {
  topic: string;
  hint: unknown;
}

/** Lengths of the names and of the hints. */
const HEAD_BYTES = 8;

/** Writes hints as one message that needs nothing else to be read: their property names come first. @throws DataCloneError for a value that cannot be sent */
export function encodeHints(hints: Iterable<NamedHint>): Buffer {
  const writer = new HintWriter();
  for (const { topic, hint } of hints) writer.add(topic, hint);
  const { names, bytes } = writer.take();
  const texts = Buffer.from(names.join('\n'));
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(texts.length, 0);
  head.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([head, texts, bytes]);
}

/** Reads what {@link encodeHints} wrote. @throws for other bytes */
export function decodeHints(bytes: Uint8Array): NamedHint[] {
  const message = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = HEAD_BYTES + message.readUInt32LE(0);
  if (end + message.readUInt32LE(4) !== message.length) throw new RangeError('a list of hints of another length');
  const reader = new HintReader();
  const names = message.toString('utf8', HEAD_BYTES, end);
  if (names !== '') reader.learn(names.split('\n'));
  return [...reader.read(message.subarray(end), () => true)];
}
