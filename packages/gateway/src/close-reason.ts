/** Why the gateway closed a connection or saw it close; the label of `aerogram_connections_closed_total`. */
export type CloseReason =
  /** The client closed it. */
  | 'client'
  /** The network failed. */
  | 'network'
  /** No byte arrived within the idle timeout. */
  | 'idle'
  /** The first packet, or the rest of a packet, took too long. */
  | 'too-slow'
  /** The delay of `ping_delay_disconnect` ran out. */
  | 'ping-timeout'
  /** The first bytes matched no transport, or the framing was broken. */
  | 'framing'
  /** A packet could not be decrypted with its key. */
  | 'undecryptable'
  /** The key store says that the key does not exist (−404). */
  | 'unknown-key'
  /** The key store could not be reached. */
  | 'store-unreachable'
  /** A wrong step of the handshake, or too many handshakes at once. */
  | 'handshake'
  /** Too many connections or new keys from one address (−429). */
  | 'address-limit'
  /** Too many connections or sessions of one key (−429). */
  | 'key-limit'
  /** Too many connections in total. */
  | 'full'
  /** The client does not read what is sent to it. */
  | 'slow-consumer'
  /** The client destroyed the key. */
  | 'key-destroyed'
  /** The temporary key expired, or the key was ended by another session or process. */
  | 'key-ended'
  /** Another device, the operator, or the deletion of the account logged the device out. */
  | 'logged-out'
  /** Another process or node serves the key. */
  | 'moved'
  /** The node that serves the key closed it. */
  | 'owner'
  /** The node that serves the key cannot be reached. */
  | 'owner-away'
  /** An internal error; logged. */
  | 'fault'
  /** The server is shutting down. */
  | 'shutdown';
