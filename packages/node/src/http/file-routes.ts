import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Domain } from '@aerogram/domain';
import type { ClientAddress } from '@aerogram/gateway';
import { type Clock, type Logger, TokenBuckets } from '@aerogram/runtime';
import { networkOfClient } from './network-of-client.ts';
import { refuseFile, type SendFile } from './send-file.ts';

/** How many requests one address may make. A player asks often for small ranges. */
const REQUESTS = { capacity: 120, tokensPerSecond: 4, maxBuckets: 50_000 };
/** What a request costs, in addition, whose link leads nowhere: it may be a guess. */
const MISS_COST = 4;

/** The dependencies of the links to files. */
export interface FileRoutesDeps {
  files: Pick<Domain['files']['named'], 'openLink'>;
  clock: Clock;
  log: Logger;
}

/** Creates the function that answers requests for files by signed links. */
export function createFileRoutes({ files, clock, log }: FileRoutesDeps, sendFile: SendFile): (token: string, request: IncomingMessage, response: ServerResponse, client: ClientAddress) => void {
  const buckets = new TokenBuckets(clock, REQUESTS);

  const answer = async (token: string, request: IncomingMessage, response: ServerResponse, network: string | undefined): Promise<void> => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuseFile(response, 405, { Allow: 'GET, HEAD' });
    const waitS = network === undefined ? 0 : buckets.take(network, 1);
    if (waitS > 0) return refuseFile(response, 429, { 'Retry-After': String(waitS) });
    const file = await files.openLink(token);
    if (file === undefined) {
      if (network !== undefined) buckets.charge(network, MISS_COST);
      return refuseFile(response, 404);
    }
    await sendFile(file, request, response, network);
  };

  return (token, request, response, client) => {
    // Request bodies are ignored; an unread one would block the connection's next request.
    request.resume();
    answer(token, request, response, networkOfClient(request, client)).catch((error: unknown) => {
      if (!response.destroyed) log.error({ err: error }, 'a file could not be sent over HTTP');
      if (response.headersSent) response.destroy();
      else refuseFile(response, 503, { 'Retry-After': '5' });
    });
  };
}
