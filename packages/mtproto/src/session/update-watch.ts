/** Told what becomes of the updates of a session, for the debug log. */
export interface UpdateWatch {
  /** An update went into a packet. @param isAgain whether it had been sent over another connection already */
  sent(msgId: bigint, isAgain: boolean): void;
  /** The client has received an update. */
  acknowledged(msgId: bigint): void;
  /** The client will be told to fetch the difference, because updates were dropped, or sent and then forgotten. */
  toldToFetch(): void;
}
