/** Why an operation cannot be done. */
export type KitErrorCode =
  /** The request makes no sense, or names somebody who is not there. */
  | 'invalid'
  /** Nothing happened in the time that the caller gave. */
  | 'timeout'
  /** The cloud refused what a person did; `refusal` is the error that an app would get. */
  | 'refused'
  /** The server is stopping. */
  | 'stopping';

export interface KitErrorDetails {
  /** Error of the MTProto API, such as `CHAT_WRITE_FORBIDDEN`. */
  refusal?: string;
  /** What a person saw of the chat that the operation was about, as text for people. */
  talk?: string;
}

/** An error for the caller of an operation. Its message says what was tried or waited for. */
export class KitError extends Error {
  readonly code: KitErrorCode;
  readonly details: KitErrorDetails;

  constructor(code: KitErrorCode, message: string, details: KitErrorDetails = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}
