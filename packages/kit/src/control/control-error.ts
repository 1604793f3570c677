import { KitError, type KitErrorCode, type KitErrorDetails } from '../kit-error.ts';

/** Why a request of the control API is not answered with a result. */
export type ControlErrorCode =
  | KitErrorCode
  /** The request does not have the secret, or comes from a web page. */
  | 'unauthorized'
  /** There are too many requests at the same time. */
  | 'busy'
  /** The server has a fault. */
  | 'internal';

const STATUS_OF: Readonly<Record<ControlErrorCode, number>> = { invalid: 400, refused: 409, unauthorized: 401, timeout: 504, stopping: 503, busy: 503, internal: 500 };

/** An error as the control API answers it. */
export class ControlError extends Error {
  readonly code: ControlErrorCode;
  readonly status: number;
  readonly details: KitErrorDetails;

  /** @param options.status of HTTP, unless it is the usual one of the code */
  constructor(code: ControlErrorCode, message: string, { status = STATUS_OF[code], ...details }: KitErrorDetails & { status?: number } = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.details = details;
  }
}

/** The answer to an error that was foreseen; undefined for all others. */
export function toControlError(thrown: unknown): ControlError | undefined {
  if (thrown instanceof ControlError) return thrown;
  return thrown instanceof KitError ? new ControlError(thrown.code, thrown.message, thrown.details) : undefined;
}
