/** What was wrong with a stream. */
export type TransportViolation =
  | 'unknown-transport'
  | 'tls'
  | 'packet-too-large'
  | 'packet-too-small'
  | 'misaligned-length'
  | 'wrong-sequence'
  | 'wrong-checksum';

/** The client broke the framing. Nothing after that can be decoded, so the connection is closed. */
export class TransportError extends Error {
  readonly violation: TransportViolation;

  constructor(violation: TransportViolation, detail: string) {
    super(`${violation}: ${detail}`);
    this.name = 'TransportError';
    this.violation = violation;
  }
}

/**
 * Codes that a server sends instead of a packet: unknown authorization key (or a wrong step of the handshake), too many requests, unknown
 * DC.
 * @see https://core.telegram.org/mtproto/mtproto-transports#transport-errors
 */
export type TransportErrorCode = -404 | -429 | -444;
