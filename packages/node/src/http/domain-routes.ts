import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ClientAddress, clientOf, isApiPath } from '@aerogram/gateway';
import { defineCounter, type Metrics } from '@aerogram/runtime';
import { createFileRoutes, type FileRoutesDeps } from './file-routes.ts';
import { createLinkRoutes, type LinkRoutesDeps } from './link-routes.ts';
import { findLinkTarget, type LinkTarget } from './link-target.ts';
import { createFileSender } from './send-file.ts';

/** A request that a process with a domain has to answer. */
export interface DomainRoute {
  /** Requests with the same shard must be answered by the same process; without a shard any process may. */
  shard?: string;
  /** The link whose page is requested; undefined for other requests. */
  link?: LinkTarget;
  /** The token of the link by which a file is requested. */
  fileToken?: string;
}

/** `/bot<id>:<secret>/<method>` and `/file/bot<id>:<secret>/<path>`. A bot keeps its id when its secret changes. */
const BOT_PATH = /^\/(?:file\/)?bot(\d{1,20}):[\w-]{1,64}(?=\/|$)/;

/** `/file/<token>`, and anything behind it, such as a name for the reader. */
const FILE_PATH = /^\/file\/([\w-]{20,64})(?:\/[^/]*)?$/;

const requests = defineCounter({
  name: 'aerogram_http_requests_total',
  help: 'Requests of the HTTP port that were answered from the domain, by route.',
  labels: ['route'],
});

/** Returns the route of a request that needs the domain; undefined for other requests. @param url path and query of the request */
export function findDomainRoute(url: string | undefined): DomainRoute | undefined {
  const [path = '', query] = (url ?? '').split('?', 2);
  const [, botId] = BOT_PATH.exec(path) ?? [];
  if (botId !== undefined) return { shard: `bot${botId}` };
  const [, fileToken] = FILE_PATH.exec(path) ?? [];
  if (fileToken !== undefined) return { fileToken };
  const link = isApiPath(path) ? undefined : findLinkTarget(path, query);
  return link && { link };
}

/**
 * Handles a request that needs the domain.
 * @param client the addresses of the connection, if another process accepted it
 * @returns whether it handles the request
 */
export type DomainHandler = (request: IncomingMessage, response: ServerResponse, client?: ClientAddress) => boolean;

/** Creates the handler of the requests that need the domain. */
export function createDomainHandler({ metrics, ...deps }: LinkRoutesDeps & FileRoutesDeps & { metrics: Metrics }): DomainHandler {
  const counter = metrics.counter(requests);
  const answerLink = createLinkRoutes(deps);
  const answerFile = createFileRoutes(deps, createFileSender(deps.clock));
  return (request, response, client = clientOf(request.socket)) => {
    const route = findDomainRoute(request.url);
    if (!route) return false;
    if (route.link) {
      counter.inc({ route: 'link' });
      answerLink(route.link, request, response, client);
      return true;
    }
    if (route.fileToken !== undefined) {
      counter.inc({ route: 'file' });
      answerFile(route.fileToken, request, response, client);
      return true;
    }
    counter.inc({ route: 'bot' });
    request.resume();
    // There are no bots yet. Client libraries stop with a clear message on this status, but not on 401 and 5xx.
    const body = JSON.stringify({ ok: false, error_code: 404, description: 'Not Found: this server has no Bot API yet' });
    response.writeHead(404, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }).end(body);
    return true;
  };
}
