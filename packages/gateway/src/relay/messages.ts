import type { ClientAddress } from '../client-address.ts';

/** What the entry node says of a connection or request when it opens a channel to the owner of a key. */
export interface Hello extends ClientAddress {
  transport: 'stream' | 'http';
}

/** Encodes what is said first. */
export function writeHello({ transport, remoteAddress, localAddress, localPort, isForwarded }: Hello): Uint8Array {
  return Buffer.from(JSON.stringify({ transport, remoteAddress, localAddress, localPort, isForwarded }));
}

/** Decodes it. @returns nothing if it is from a version that says something else */
export function readHello(bytes: Uint8Array): Hello | undefined {
  const hello = JSON.parse(Buffer.from(bytes).toString()) as Partial<Hello> | null;
  const { transport, remoteAddress, localAddress, localPort, isForwarded } = hello ?? {};
  const isKnown = (transport === 'stream' || transport === 'http') && typeof remoteAddress === 'string' && typeof localAddress === 'string' && typeof localPort === 'number';
  return isKnown ? { transport, remoteAddress, localAddress, localPort, ...(isForwarded === true && { isForwarded }) } : undefined;
}

/** Kinds of messages over a channel, of one byte. */
const KIND = { packet: 1, answer: 2, quickAck: 3, fault: 4, taken: 5, wrong: 6, moved: 7, stay: 8, response: 9, lost: 10, called: 11 } as const;

/** A message between the entry node of a connection or request and the owner of a key. */
export type RelayMessage =
  /** entry → owner: a packet, and the generation by which the owner was chosen. */
  | { kind: 'packet'; generation: number; quickAck: boolean; data: Uint8Array }
  /** owner → entry: a packet for the client. */
  | { kind: 'answer'; data: Uint8Array }
  | { kind: 'quickAck'; value: number }
  /** A transport error for the client. */
  | { kind: 'fault'; value: number }
  /** So many packets, in order, are in a session, or were dealt with. */
  | { kind: 'taken'; value: number }
  /** The next packet was not taken, because its key belongs to another node in this generation. */
  | { kind: 'wrong'; value: number }
  /** The session that the client used over this channel under this key is served by another node now. */
  | { kind: 'moved'; authKeyId: bigint }
  /** The client has made its first call under this key over this channel, or the first one since its session is served here again. */
  | { kind: 'called'; authKeyId: bigint }
  /** The channel is closed next, and the client's connection stays; without this message it is closed, too. */
  | { kind: 'stay' }
  /** The response to an HTTP request. */
  | { kind: 'response'; value: number; data: Uint8Array }
  /** entry → owner: the client did not get the response. */
  | { kind: 'lost' };

const QUICK_ACK = 1;

const PACKET_HEAD = 6;
const KEY_BYTES = 9;

/** Encodes a message. */
export function writeMessage(message: RelayMessage): Uint8Array {
  const kind = KIND[message.kind];
  if (message.kind === 'packet') {
    const head = Buffer.alloc(PACKET_HEAD);
    head[0] = kind;
    head[1] = message.quickAck ? QUICK_ACK : 0;
    head.writeUInt32BE(message.generation >>> 0, 2);
    return Buffer.concat([head, message.data]);
  }
  if ('authKeyId' in message) {
    const body = Buffer.alloc(KEY_BYTES);
    body[0] = kind;
    body.writeBigInt64BE(message.authKeyId, 1);
    return body;
  }
  const value = 'value' in message ? message.value : 0;
  const head = Buffer.alloc(5);
  head[0] = kind;
  head.writeUInt32BE(value >>> 0, 1);
  return 'data' in message ? Buffer.concat([head, message.data]) : head;
}

/** Bytes that a message of a kind has at least, where these are not 5. */
const HEADS: Partial<Record<RelayMessage['kind'], number>> = { packet: PACKET_HEAD, moved: KEY_BYTES, called: KEY_BYTES };

const NAMES = new Map(Object.entries(KIND).map(([name, kind]) => [kind as number, name as RelayMessage['kind']]));

/** Decodes a message. @throws Error for one that is none */
export function readMessage(bytes: Uint8Array): RelayMessage {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const kind = NAMES.get(view[0] ?? 0);
  if (kind === undefined || view.length < (HEADS[kind] ?? 5)) throw new Error('a message of another node that is none');
  if (kind === 'packet') return { kind, quickAck: view[1] === QUICK_ACK, generation: view.readUInt32BE(2), data: bytes.subarray(PACKET_HEAD) };
  if (kind === 'moved' || kind === 'called') return { kind, authKeyId: view.readBigInt64BE(1) };
  const value = view.readUInt32BE(1);
  if (kind === 'answer') return { kind, data: bytes.subarray(5) };
  if (kind === 'response') return { kind, value, data: bytes.subarray(5) };
  if (kind === 'stay' || kind === 'lost') return { kind };
  return { kind, value };
}
