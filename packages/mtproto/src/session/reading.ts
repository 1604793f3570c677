import { MAX_UNPACKED_BYTES } from './gzip.ts';
import type { SessionEvent } from './session-event.ts';
import type { SessionLink } from './session-link.ts';

/** Maximum number of msg_ids that one packet may name, the same as the documented limit of one message. Further ones are ignored. */
const MAX_NAMED_IDS = 8192;
/** Salts that one packet can get; further questions get one salt each. */
const MAX_SALTS = 128;

/** The result of receiving a packet. */
export interface Receipt {
  readonly events: readonly SessionEvent[];
  /**
   * It contained a message that was not received before, so it comes from the client. Otherwise anybody could have recorded and sent it.
   */
  readonly isNews: boolean;
}

/** State while a packet is being read. */
export interface Reading extends Receipt {
  link: SessionLink;
  nowMs: number;
  events: SessionEvent[];
  /** Bytes to which the gzip_packed parts of this packet may still unpack. */
  unpackLeft: number;
  /** Number of msg_ids that its service messages may still name. */
  idsLeft: number;
  saltsLeft: number;
  isNews: boolean;
}

/** Starts reading a packet. @param link for the answers about the packet itself */
export function beginReading(link: SessionLink, nowMs: number): Reading {
  return { link, nowMs, events: [], unpackLeft: MAX_UNPACKED_BYTES, idsLeft: MAX_NAMED_IDS, saltsLeft: MAX_SALTS, isNews: false };
}

/** Takes the msg_ids that a service message names from the packet's allowance. @returns whether the allowance was sufficient */
export function allowsIds(reading: Reading, body: Uint8Array): boolean {
  if (body.length >= 12) reading.idsLeft -= new DataView(body.buffer, body.byteOffset + 8, 4).getUint32(0, true);
  return reading.idsLeft >= 0;
}
