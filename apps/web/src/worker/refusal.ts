import type { Refusal } from '../protocol/index.ts';

/** An error that the server answered with. The class of mtcute is not imported: it would bring 15 KiB with it. */
interface RpcError extends Error {
  code: number;
  /** Its name, with `%d` in place of a number. */
  text: string;
  seconds?: number;
}

const isRpcError = (error: unknown): error is RpcError => error instanceof Error && 'text' in error && 'code' in error;

/** Says to a page why something was not done: errors of the server by name, everything else as `INTERNAL`. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refused) return error.refusal;
  if (!isRpcError(error)) return { code: 'INTERNAL' };
  return { code: error.text.replace(/_%d$/, ''), seconds: error.seconds };
}

/** Refuses what a page asked, without the server. */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/** Whether the server refused a call by this name. */
export const isRefusal = (error: unknown, name: string): boolean => isRpcError(error) && error.text === name;
