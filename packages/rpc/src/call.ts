/** What the gateway hands to the dispatcher, and what it gets back. */

/**
 * A live MTProto session, as far as calls are concerned.
 * The gateway passes the same object for all calls of one session: the dispatcher keeps the session's
 * call history on it (invokeAfterMsg, order of sends), and loses it with the object.
 */
export interface SessionRef {
  /** Key the message was encrypted with: permanent or temporary. */
  readonly authKeyId: bigint;
  readonly sessionId: bigint;
  /** Where the client is; for the list of devices and for log-in notices. */
  readonly remoteAddress: string;
  /** IP literal and port that the client connected to (rule P9: default of dc_options). */
  readonly localAddress: string;
  readonly localPort: number;
}

export interface RpcCall {
  session: SessionRef;
  /** msg_id of the request. */
  msgId: bigint;
  /** The TL bytes of the request, already unpacked from containers and gzip. */
  body: Uint8Array;
}

/** An answer carries this pts of `owner`'s box: the sequencer of the session must pass it (rule S3). */
export interface BoxStep {
  owner: bigint;
  pts: number;
  ptsCount: number;
  /** How many updates without pts the box had when the answer was made, where it says all of them. */
  looseSeq?: number | undefined;
}

/** Who the key speaks for once the call is done; a log-in, log-out, binding or invokeWithLayer changes it. */
export interface CallerState {
  /** undefined: a temporary key that is bound to nothing. */
  permAuthKeyId: bigint | undefined;
  /** undefined: not logged in. */
  userId: bigint | undefined;
  /** Layer to speak with this authorisation; undefined until the first invokeWithLayer. */
  layer: number | undefined;
  /** When the key of the call ends, in Unix seconds, where it is a temporary one. */
  expires_date?: number | undefined;
}

export interface RpcAnswer {
  /** Result or rpc_error as TL bytes in the caller's layer: the body of rpc_result. */
  body: Uint8Array;
  /** Innermost method, when it could be read. */
  method: string | undefined;
  /** The error's text, or undefined for a result. */
  error: string | undefined;
  /** What the call cost, as the length in bytes of an answer that costs as much: of a result its own, of an error what was done before it. */
  costBytes: number;
  /** Steps of boxes that the answer carries; none with an error. */
  boxSteps: readonly BoxStep[];
  /** The call was made inside invokeWithoutUpdates: it does not make its session the one that gets pushes (rule P11). */
  withoutUpdates: boolean;
  caller: CallerState;
}
