import { HintReader, HintWriter } from './hint-codec.ts';

/** A hint with the topic that it is published on. */
export interface NamedHint {
  topic: string;
  hint: unknown;
}

/** Writes hints as one message that needs nothing else to be read: their property names come first. @throws DataCloneError for a value that cannot be sent */
export function encodeHints(hints: Iterable<NamedHint>): Buffer {
  const writer = new HintWriter();
  for (const { topic, hint } of hints) writer.add(topic, hint);
  const { names, bytes } = writer.take();
  const texts = Buffer.from(names.join('\n'));
  const head = Buffer.alloc(4);
  head.writeUInt32LE(texts.length);
  return Buffer.concat([head, texts, bytes]);
}

/** Reads what {@link encodeHints} wrote. @throws for other bytes */
export function decodeHints(bytes: Uint8Array): NamedHint[] {
  const message = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = 4 + message.readUInt32LE(0);
  const reader = new HintReader();
  const names = message.toString('utf8', 4, end);
  if (names !== '') reader.learn(names.split('\n'));
  return [...reader.read(message.subarray(end), () => true)];
}
