export {
  DEFAULT_PACKET_LIMIT,
  type FramingName,
  type StreamDecoder,
  type StreamEncoder,
  type TransportEvent,
  type TransportPacket,
} from './framing.ts';
export { encodeIntermediate, INTERMEDIATE_TAG } from './intermediate.ts';
export { PEEK_BYTES, peekKeyId } from './peek-key-id.ts';
export { createSniffer, type Sniffed, type SnifferOptions, type TransportSniffer } from './sniffer.ts';
export { TransportError, type TransportErrorCode, type TransportViolation } from './transport-error.ts';
