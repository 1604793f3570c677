/**
 * What stands before the hint in each message on NATS, little-endian: version of the format (1), kind (1), version of the dictionary (2),
 * sender (8), sequence (6).
 */
export const FORMAT = 2;

const HEADER_BYTES = 18;

/** Kinds of messages. */
export const KIND = {
  /** One hint, as hint-codec.ts writes it. */
  hint: 1,
  /** The sender is alive; its name follows. The sequence is that of its last message to all. */
  beat: 2,
  /** The sender could not send a hint. */
  lost: 3,
  /** The sender ends. */
  bye: 4,
  /** What the sender listens to, as interest-list.ts writes it. */
  interest: 5,
  /** The senders that follow, or all if none do, shall tell everything that they listen to. */
  ask: 6,
} as const;

/** Longer messages are not read, whatever the server lets pass, in bytes. */
export const MAX_FRAME_BYTES = 8 * 1024 * 1024;

/** What a message says before its body. */
export interface FrameHead {
  kind: number;
  /** Version of the dictionary, which is the number of names that the sender used at most. */
  dictionary: number;
  /** A random number that the sender chose when its bus was created. */
  sender: bigint;
  /** Number of this message among those to all; 0 for others. */
  sequence: number;
}

/** Writes a message. */
export function writeFrame({ kind, dictionary, sender, sequence }: FrameHead, body: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(HEADER_BYTES + body.length);
  frame[0] = FORMAT;
  frame[1] = kind;
  frame.writeUInt16LE(dictionary, 2);
  frame.writeBigUInt64LE(sender, 4);
  frame.writeUIntLE(sequence, 12, 6);
  frame.set(body, HEADER_BYTES);
  return frame;
}

/**
 * Reads a message; the body shares its memory.
 * @returns why it cannot be read: `format` if it is of another version of the format, otherwise `malformed`
 */
export function readFrame(bytes: Uint8Array): (FrameHead & { body: Buffer }) | 'malformed' | 'format' {
  if (bytes.length > MAX_FRAME_BYTES || bytes.length === 0) return 'malformed';
  if (bytes[0] !== FORMAT) return 'format';
  if (bytes.length < HEADER_BYTES) return 'malformed';
  const frame = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    kind: frame[1]!,
    dictionary: frame.readUInt16LE(2),
    sender: frame.readBigUInt64LE(4),
    sequence: frame.readUIntLE(12, 6),
    body: frame.subarray(HEADER_BYTES),
  };
}

/** Writes the body of a message that asks senders. */
export function writeAsked(senders: readonly bigint[]): Buffer {
  const body = Buffer.allocUnsafe(senders.length * 8);
  for (const [index, sender] of senders.entries()) body.writeBigUInt64LE(sender, index * 8);
  return body;
}

/** Whether a message asks a sender. */
export function isAsked(body: Buffer, sender: bigint): boolean {
  if (body.length === 0) return true;
  for (let at = 0; at + 8 <= body.length; at += 8) if (body.readBigUInt64LE(at) === sender) return true;
  return false;
}

/** Longest body of a message that a server takes, in bytes. @param maxPayload its `max_payload` */
export const bodyBytes = (maxPayload: number): number => maxPayload - HEADER_BYTES;
