import type { IncomingMessage, ServerResponse } from 'node:http';
import { defineCounter, type Metrics } from '@aerogram/runtime';

/** A request that a process with a domain has to answer. */
export interface DomainRoute {
  /** Requests with the same shard must be answered by the same process; without a shard any process may. */
  shard?: string;
}

/** `/bot<id>:<secret>/<method>` and `/file/bot<id>:<secret>/<path>`. A bot keeps its id when its secret changes. */
const BOT_PATH = /^\/(?:file\/)?bot(\d{1,20}):[\w-]{1,64}(?=\/|$)/;

const requests = defineCounter({
  name: 'aerogram_http_requests_total',
  help: 'Requests of the HTTP port that were answered from the domain, by route.',
  labels: ['route'],
});

/** Returns the route of a request that needs the domain; undefined for other requests. @param url path and query of the request */
export function findDomainRoute(url: string | undefined): DomainRoute | undefined {
  const [, botId] = BOT_PATH.exec((url ?? '').split('?', 1)[0]!) ?? [];
  return botId === undefined ? undefined : { shard: `bot${botId}` };
}

/**
 * Creates the handler of the requests that need the domain.
 * @returns whether it handles the request
 */
export function createDomainHandler({ metrics }: { metrics: Metrics }): (request: IncomingMessage, response: ServerResponse) => boolean {
  const counter = metrics.counter(requests);
  return (request, response) => {
    if (!findDomainRoute(request.url)) return false;
    counter.inc({ route: 'bot' });
    request.resume();
    // There are no bots yet. Client libraries stop with a clear message on this status, but not on 401 and 5xx.
    const body = JSON.stringify({ ok: false, error_code: 404, description: 'Not Found: this server has no Bot API yet' });
    response.writeHead(404, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }).end(body);
    return true;
  };
}
