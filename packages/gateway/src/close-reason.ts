/** Why the gateway closed a connection, or saw it closed; the label of `aerogram_connections_closed_total`. */
export type CloseReason =
  /** The client closed it. */
  | 'client'
  /** The network failed. */
  | 'network'
  /** Nothing came for the idle time-out. */
  | 'idle'
  /** The first bytes, or the rest of a packet, took too long. */
  | 'too-slow'
  /** `ping_delay_disconnect` ran out. */
  | 'ping-timeout'
  /** None of the transports, or its framing was broken. */
  | 'framing'
  /** A packet that its key does not open. */
  | 'undecryptable'
  /** The key store says that the key does not exist (−404). */
  | 'unknown-key'
  /** The key store could not be reached. */
  | 'store-unreachable'
  /** A wrong step of the handshake, or too many at once. */
  | 'handshake'
  /** Too many connections or new keys from one address (−429). */
  | 'address-limit'
  /** Too many sockets or sessions of one key (−429). */
  | 'key-limit'
  /** Too many connections in all. */
  | 'full'
  /** The client does not read what it is sent. */
  | 'slow-consumer'
  /** The key was destroyed by its owner. */
  | 'key-destroyed'
  /** The time of a temporary key was over, or the key was ended from elsewhere. */
  | 'key-ended'
  /** Another process serves the key. */
  | 'moved'
  /** A fault of ours; logged. */
  | 'fault'
  /** The server stops. */
  | 'shutdown';
