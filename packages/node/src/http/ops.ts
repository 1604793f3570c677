import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Config, isLoopbackHost, type ServerFile } from '@aerogram/runtime';
import { reachableEndpoint } from './reachable-endpoint.ts';
import { renderStartPage } from './start-page.ts';

/** What the operators' pages show. */
export interface OpsDeps {
  /** Whether the node takes clients: started, not draining, database reachable. */
  isReady(): boolean;
  /** What the node is doing while it is not ready, in a few words. */
  progress(): string;
  /** The page of `/metrics`. */
  renderMetrics(): Promise<string>;
  config: Pick<Config, 'metricsToken' | 'publicAddress' | 'publicPort'>;
  /** What `server.json` says; undefined until the ports are open. */
  info(): ServerFile | undefined;
}

interface Answer {
  status: number;
  type: 'text/plain' | 'text/html' | 'application/json';
  body: string;
}

function json(status: number, value: unknown): Answer {
  return { status, type: 'application/json', body: `${JSON.stringify(value)}\n` };
}

function plain(status: number, text: string): Answer {
  return { status, type: 'text/plain', body: `${text}\n` };
}

/** Compares digests, so that neither content nor length shows in the time it takes. */
function isSameSecret(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}

/**
 * Whether a request names this server by a loopback address. The name of a web page can be made to lead to 127.0.0.1, and its
 * scripts may then read every answer (DNS rebinding); but its browser still sends that name as `Host`. Programs that are no
 * browsers may leave it out.
 */
function namesLoopback({ headers: { host } }: IncomingMessage): boolean {
  if (host === undefined) return true;
  const url = `http://${host}`;
  return URL.canParse(url) && isLoopbackHost(new URL(url).hostname.replace(/^\[(.*)\]$/, '$1'));
}

/**
 * Metrics are for this machine, or for whoever has the token. A reverse proxy on this machine
 * hands on requests of others, so a forwarded request needs the token as well.
 */
function mayReadMetrics(request: IncomingMessage, token: string | undefined): boolean {
  const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (token !== undefined && given !== undefined) return isSameSecret(given, token);
  const isForwarded = request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined;
  return !isForwarded && namesLoopback(request) && isLoopbackHost(request.socket.remoteAddress ?? '');
}

/**
 * Makes the handler of `/`, `/healthz`, `/readyz` and `/metrics`; every other path is answered 404.
 * `/healthz`: the process answers. `/readyz`: it takes clients, else 503 with what it waits for.
 */
export function createOpsHandler(deps: OpsDeps): (request: IncomingMessage, response: ServerResponse) => void {
  const respond = async (request: IncomingMessage): Promise<Answer> => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'only GET');
    const path = request.url?.split('?', 1)[0];
    switch (path) {
      case '/': {
        const info = deps.info();
        if (!info) return plain(503, deps.progress());
        const mtproto = reachableEndpoint(info.mtproto, deps.config, request.socket.localAddress ?? info.mtproto.host);
        return { status: 200, type: 'text/html', body: renderStartPage({ ...info, mtproto }) };
      }
      case '/healthz':
        return json(200, { status: 'ok' });
      case '/readyz':
        return deps.isReady() ? json(200, { status: 'ready' }) : json(503, { status: 'not ready', progress: deps.progress() });
      case '/metrics':
        if (!mayReadMetrics(request, deps.config.metricsToken)) return plain(403, 'from this machine by a loopback address, or with the token');
        return { status: 200, type: 'text/plain', body: await deps.renderMetrics() };
      default:
        return plain(404, 'not found');
    }
  };

  return (request, response) => {
    // Bodies are of no interest; unread ones would keep the connection from its next request.
    request.resume();
    respond(request)
      .catch(() => plain(500, 'internal error'))
      .then(({ status, type, body }) => {
        response.writeHead(status, {
          'content-type': `${type}; charset=utf-8`,
          'content-length': Buffer.byteLength(body),
          'cache-control': 'no-store',
          'x-content-type-options': 'nosniff',
          // Nothing here is for pages of other origins; only MTProto is (docs/config.md, AEROGRAM_WEB_ORIGINS).
          'cross-origin-resource-policy': 'same-origin',
          'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        });
        response.end(request.method === 'HEAD' ? undefined : body);
      })
      // Headers were sent or the socket is gone: nothing is left to say.
      .catch(() => response.destroy());
  };
}
