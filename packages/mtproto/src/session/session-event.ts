/** What the gateway has to do after a packet was received. */
export type SessionEvent =
  /** A call for the dispatcher; must be answered by `reply` exactly once. */
  | { type: 'request'; msgId: bigint; body: Uint8Array }
  /** A request whose body cannot be unpacked; it has been answered. */
  | { type: 'unreadable' }
  /** `ping_delay_disconnect`: the connection is closed after this time unless another one comes. */
  | { type: 'disconnect-after'; delayMs: number }
  /** `http_wait`: how long an HTTP request may wait for messages. */
  | { type: 'http-wait'; maxDelayMs: number; waitAfterMs: number; maxWaitMs: number }
  /** `destroy_session` for another session of the key; must be answered by `destroySessionResult`. */
  | { type: 'destroy-session'; sessionId: bigint }
  /** `destroy_auth_key`; must be answered by `destroyKeyResult`. */
  | { type: 'destroy-auth-key' };
