// What the gateway passes to the dispatcher, and what it gets back.

/** The messages of a session, as far as a call that comes after one of them needs to know. */
export interface SessionMessages {
  /**
   * What may become of a message.
   * - running: it is a call that is not answered yet.
   * - gone: it was received and does not run any more, or it cannot be received any more.
   * - early: it is older than the session and was never seen: most likely another process has received it.
   * - unseen: it may still be on its way.
   */
  fateOf(msgId: bigint): 'running' | 'gone' | 'early' | 'unseen';
  /** Set while calls wait for messages. It is told of each message that is gone now; without an id, all have to be looked at again. */
  onGone: ((msgId: bigint | undefined) => void) | undefined;
}

/**
 * A live MTProto session, as the dispatcher sees it. The gateway passes the same object for all calls of one session. The dispatcher stores
 * the session's call history with it (for invokeAfterMsg and the order of sends) and drops the history together with the object.
 */
export interface SessionRef {
  /** What the session knows of its messages. Absent where calls do not come in messages. */
  readonly messages?: SessionMessages;
  /** The key with which the message was encrypted: permanent or temporary. */
  readonly authKeyId: bigint;
  readonly sessionId: bigint;
  /** Address of the client, for the list of devices and for log-in notices. */
  readonly remoteAddress: string;
  /** IP address and port that the client connected to (rule P9: default of dc_options). */
  readonly localAddress: string;
  readonly localPort: number;
  /** It comes from this machine, but may be passed on for somebody elsewhere. */
  readonly isForwarded?: boolean | undefined;
}

export interface RpcCall {
  session: SessionRef;
  /** msg_id of the request. */
  msgId: bigint;
  /** TL bytes of the request, already unpacked from containers and gzip. */
  body: Uint8Array;
  /** Called once the call only waits for what somebody else does, so that it does not count as running. */
  onWait?(): void;
  /** Called when the call begins (true) and ceases (false) to wait for other calls of its session. */
  onChained?(waits: boolean): void;
}

/** The answer contains this pts of `owner`'s message box, so the session's sequencer must take it into account (rule S3, lossy hints). */
export interface BoxStep {
  owner: bigint;
  pts: number;
  ptsCount: number;
  /** Number of updates without pts in the box when the answer was made, if the answer covers all of them. */
  looseSeq?: number | undefined;
  /** Number of the last event in the log of the device when the answer was made, if the answer covers all of them. */
  deviceSeq?: number | undefined;
}

/** The state of the key after the call. A log-in, log-out, binding or invokeWithLayer changes it. */
export interface CallerState {
  /** undefined: a temporary key that is not bound. */
  permAuthKeyId: bigint | undefined;
  /** undefined: not logged in. */
  userId: bigint | undefined;
  /** Layer to use with this authorisation; undefined until the first invokeWithLayer. */
  layer: number | undefined;
  /** Expiry date of a temporary key, in Unix seconds. */
  expires_date?: number | undefined;
}

/** A call that carried a part of a file, or asked for one. */
export interface PartOfFile {
  /** The call only read. If its answer is lost, the call can be made again. */
  isMadeAgain: boolean;
  /** To be called once the bytes of the answer are counted elsewhere; until then they count as on the way. */
  release(): void;
}

export interface RpcAnswer {
  /** Result or rpc_error as TL bytes in the caller's layer: the body of rpc_result. */
  body: Uint8Array;
  /** Innermost method, if the request could be parsed. */
  method: string | undefined;
  /** Text of the error, or undefined for a result. */
  error: string | undefined;
  /**
   * Cost of the call, as the length in bytes of an answer with the same cost: for a result its own length, for an error the work done
   * before it.
   */
  costBytes: number;
  /** Set if the call carried a part of a file, or asked for one. */
  part?: PartOfFile | undefined;
  /** Steps of message boxes that the answer contains; empty for an error. */
  boxSteps: readonly BoxStep[];
  /** The call was made inside invokeWithoutUpdates or invokeWithTakeout, so it does not make its session the receiver of updates (rule P11, one receiver). */
  withoutUpdates: boolean;
  caller: CallerState;
}
