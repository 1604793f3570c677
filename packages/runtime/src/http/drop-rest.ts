import type { IncomingMessage } from 'node:http';
import type { Clock } from '../clock.ts';

/** For how long the rest of a body is read, in milliseconds. */
const DROPPED_MS = 10_000;

/**
 * Reads and drops what is still to come of the body of a refused request. Many clients read no answer before they have sent everything, and a connection that is closed
 * while they send is an error without an answer for them.
 * @param clock real time
 * @param bytesMax how much of the body is read at most
 * @returns whether the end has come; otherwise the connection has to be closed, because the rest would be taken for the next request
 */
export async function dropRest(request: IncomingMessage, clock: Clock, bytesMax: number): Promise<boolean> {
  if (request.complete || request.destroyed || Number(request.headers['content-length'] ?? 0) > bytesMax) return request.complete;
  await new Promise<void>((resolve) => {
    let bytes = 0;
    const end = (): void => {
      timer.cancel();
      request.off('data', count).off('end', end).off('close', end);
      resolve();
    };
    const count = (piece: Buffer): void => {
      bytes += piece.length;
      if (bytes > bytesMax) end();
    };
    const timer = clock.setTimeout(end, DROPPED_MS);
    request.on('data', count).on('end', end).on('close', end).resume();
  });
  return request.complete;
}
