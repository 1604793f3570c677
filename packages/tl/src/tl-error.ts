/** Why bytes could not be decoded, or an object could not be encoded. */
export type TlErrorReason =
  | 'truncated' | 'trailing_bytes' | 'too_large' | 'too_deep' | 'vector_too_long'
  | 'unknown_constructor' | 'wrong_type' | 'bad_bool' | 'bad_length' | 'bad_value' | 'not_representable';

/** Malformed TL bytes, or an object that has no TL form. Readers and writers throw no other error for bad input. */
export class TlError extends Error {
  override readonly name: string = 'TlError';
  readonly reason: TlErrorReason;
  /** For an object that could not be encoded: number of bytes written before the error. */
  writtenBytes: number | undefined;

  constructor(reason: TlErrorReason, detail?: string) {
    super(detail === undefined ? reason : `${reason}: ${detail}`);
    this.reason = reason;
  }
}

/** A constructor id that is not in the reader's table. */
export class UnknownConstructor extends TlError {
  override readonly name = 'UnknownConstructor';
  /** Unsigned. */
  readonly id: number;

  constructor(id: number) {
    super('unknown_constructor', `#${(id >>> 0).toString(16).padStart(8, '0')}`);
    this.id = id >>> 0;
  }
}

/**
 * Thrown by writers of an older layer for an object that the layer cannot express. Writers of vectors and optional fields catch it and
 * leave the object out. A shared instance without a stack, because it is used for control flow in frequently run code.
 */
export class NotRepresentable extends TlError {
  override readonly name = 'NotRepresentable';

  constructor(detail?: string) {
    super('not_representable', detail);
  }
}

const limit = Error.stackTraceLimit;
Error.stackTraceLimit = 0;
/** The shared instance, see {@link NotRepresentable}. */
export const NOT_REPRESENTABLE = new NotRepresentable();
Error.stackTraceLimit = limit;
