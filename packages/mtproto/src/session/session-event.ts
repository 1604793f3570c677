/** What a received packet asks of those around the session. */
export type SessionEvent =
  /** A call for the dispatcher; to be answered by `reply` exactly once. */
  | { type: 'request'; msgId: bigint; body: Uint8Array }
  /** A request whose body cannot be unpacked; it is answered already. */
  | { type: 'unreadable' }
  /** `ping_delay_disconnect`: the connection closes after this time unless another one comes. */
  | { type: 'disconnect-after'; delayMs: number }
  /** `http_wait`: how long an HTTP request may wait for messages. */
  | { type: 'http-wait'; maxDelayMs: number; waitAfterMs: number; maxWaitMs: number }
  /** `destroy_session` of another session of the key; to be answered by `destroySessionResult`. */
  | { type: 'destroy-session'; sessionId: bigint }
  /** `destroy_auth_key`; to be answered by `destroyKeyResult`. */
  | { type: 'destroy-auth-key' };
