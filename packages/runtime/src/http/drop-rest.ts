import type { IncomingMessage } from 'node:http';
import type { Clock } from '../clock.ts';

/** The rest of a body is read as long as at least so many bytes come in each such time: 25 KiB a second, which a slow line or a busy machine manages. */
const PACE = { windowMs: 10_000, bytes: 256 * 1024 } as const;

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
    let [bytes, bytesBefore] = [0, 0];
    const end = (): void => {
      timer.cancel();
      request.off('data', count).off('end', end).off('close', end);
      resolve();
    };
    const count = (piece: Buffer): void => {
      bytes += piece.length;
      if (bytes > bytesMax) end();
    };
    const look = (): void => {
      if (bytes - bytesBefore < PACE.bytes) return end();
      bytesBefore = bytes;
      timer = clock.setTimeout(look, PACE.windowMs);
    };
    let timer = clock.setTimeout(look, PACE.windowMs);
    request.on('data', count).on('end', end).on('close', end).resume();
  });
  return request.complete;
}
