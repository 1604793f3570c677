import { ERROR_CODES } from './catalogue.gen.ts';

/** The name of an error in the catalogue, with `%d` in place of a number. */
export type ErrorName = keyof typeof ERROR_CODES;

type ErrorArgs<N extends ErrorName> = N extends `${string}%d${string}` ? [value: number] : [];

/** The fields of `rpc_error` on the wire. */
export interface TlRpcError {
  error_code: number;
  error_message: string;
}

/** An error for the client. Any other exception is an internal error. */
export class RpcError extends Error {
  override name = 'RpcError';
  /** As listed at core.telegram.org/api/errors: 303, 400, 401, 403, 406, 420, 500. */
  readonly code: number;
  /** The text sent to the client, with the number filled in: `FLOOD_WAIT_30`. */
  readonly text: string;
  /** The name in the catalogue, with `%d`: `FLOOD_WAIT_%d`. For metrics. */
  readonly entry: ErrorName;

  constructor(entry: ErrorName, text: string) {
    super(text);
    this.code = ERROR_CODES[entry];
    this.text = text;
    this.entry = entry;
  }
}

/**
 * Creates an error of the catalogue, to be thrown.
 * @param args the number for names with `%d`: seconds to wait, a DC, a file part; fractions are rounded up
 */
export function rpcError<N extends ErrorName>(entry: N, ...args: ErrorArgs<N>): RpcError {
  const [value] = args as [number?];
  return new RpcError(entry, value === undefined ? entry : entry.replace('%d', String(Math.ceil(value))));
}

/** Converts any exception to its wire form: anything except an `RpcError` becomes `500 INTERNAL` without details. */
export function toTlRpcError(error: unknown): TlRpcError {
  const known = error instanceof RpcError ? error : rpcError('INTERNAL');
  return { error_code: known.code, error_message: known.text };
}
