import type { IncomingMessage, ServerResponse } from 'node:http';
import { defineCounter, type Metrics } from '@aerogram/runtime';

/** A request that a process with a domain has to answer. */
export interface DomainRoute {
  /** Requests that share it must be answered by one and the same process; without it any will do. */
  shard?: string;
}

/** `/bot<id>:<secret>/<method>` and `/file/bot<id>:<secret>/<path>`. A bot keeps its id when it gets another secret. */
const BOT_PATH = /^\/(?:file\/)?bot(\d{1,20}):[\w-]{1,64}(?=\/|$)/;

const requests = defineCounter({
  name: 'aerogram_http_requests_total',
  help: 'Requests of the HTTP port that were answered from the domain, by route.',
  labels: ['route'],
});

/** Whether a request needs the domain, and which process has to answer it. @param url path and query of the request */
export function findDomainRoute(url: string | undefined): DomainRoute | undefined {
  const [, botId] = BOT_PATH.exec((url ?? '').split('?', 1)[0]!) ?? [];
  return botId === undefined ? undefined : { shard: `bot${botId}` };
}

/**
 * Makes the handler of the requests that need the domain.
 * @returns whether it has taken the request
 */
export function createDomainHandler({ metrics }: { metrics: Metrics }): (request: IncomingMessage, response: ServerResponse) => boolean {
  const counter = metrics.counter(requests);
  return (request, response) => {
    if (!findDomainRoute(request.url)) return false;
    counter.inc({ route: 'bot' });
    request.resume();
    // There are no bots yet. Libraries end with a clear message on this status; on 401 and 5xx they do not.
    const body = JSON.stringify({ ok: false, error_code: 404, description: 'Not Found: this server has no Bot API yet' });
    response.writeHead(404, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }).end(body);
    return true;
  };
}
