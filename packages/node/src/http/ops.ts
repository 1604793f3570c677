import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBotPath, sendUnavailable } from '@aerogram/bot-api';
import { seemsForwarded } from '@aerogram/gateway';
import { bearerSecret, type Clock, type Config, ENTER_PATH, isLoopbackHost, isSameSecret, type ServerFile, type TrustedProxies, webAddressOf } from '@aerogram/runtime';
import { HostAddress } from './host-address.ts';
import { describeForOwpengram, describeForSafelink, OWPENGRAM_INFO, OWPENGRAM_PICTURE, SAFELINK_INFO } from './join-by-address.ts';
import { reachableEndpoint } from './reachable-endpoint.ts';
import { ABOUT_PAGE_POLICY, renderAboutPage } from './start-page.ts';
import type { WebHome } from './web-homes.ts';
import type { WebClient } from './web-routes.ts';

/** Dependencies of the operator pages. */
export interface OpsDeps {
  /** Whether the node accepts clients: started, not draining, database reachable. */
  isReady(): boolean;
  /** Whether other nodes serve its clients from now on, while their connections to this one are closed one after the other. */
  isLeaving(): boolean;
  /** The maintenance in which people can only read, in words; undefined if there is none. */
  maintenance(): string | undefined;
  /** Short description of what the node is doing while it is not ready. */
  progress(): string;
  /** The page of `/metrics`. */
  renderMetrics(): Promise<string>;
  /** The proxies that may say who their clients are. */
  trusted: TrustedProxies;
  config: Pick<Config, 'metricsToken' | 'publicAddress' | 'publicPort' | 'oidcIssuer' | 'oidcName' | 'webAddress' | 'httpPort' | 'tlsCert' | 'serverName' | 'serverDescription'>;
  clock: Pick<Clock, 'monotonicMs'>;
  /** The operator's picture of the server, a PNG; undefined: that of the web client. */
  picture: Buffer | undefined;
  /** The content of `server.json`; undefined until the ports are open. */
  info(): ServerFile | undefined;
  /** The web client; undefined if it was not built. */
  web: WebClient | undefined;
  /** The other data centres to which the web client may connect. */
  homes?: (() => readonly WebHome[]) | undefined;
  /** The admin page; undefined if it was not built. */
  admin?: Pick<WebClient, 'answer'> | undefined;
}

/** The picture of a server without one of its own, as the web client has it. */
const WEB_ICON = '/icon-192.png';

interface Answer {
  status: number;
  type: 'text/plain' | 'text/html' | 'application/json' | 'image/png';
  body: string | Buffer;
  headers?: Record<string, string>;
}

function json(status: number, value: unknown): Answer {
  return { status, type: 'application/json', body: `${JSON.stringify(value)}\n` };
}

/** JSON for apps that compare the content type with this one, letter by letter. */
const exactJson = (value: unknown): Answer => ({ ...json(200, value), headers: { 'content-type': 'application/json' } });

function plain(status: number, text: string): Answer {
  return { status, type: 'text/plain', body: `${text}\n` };
}

/**
 * Metrics are for this machine, or for clients with the token. A reverse proxy on this machine forwards requests of others, so a forwarded
 * request needs the token too, and so does every request of a trusted proxy.
 */
function mayReadMetrics(request: IncomingMessage, trusted: TrustedProxies, token: string | undefined): boolean {
  const given = bearerSecret(request);
  if (token !== undefined && given !== undefined) return isSameSecret(given, token);
  const { remoteAddress = '' } = request.socket;
  return isLoopbackHost(remoteAddress) && !trusted.has(remoteAddress) && !seemsForwarded(request);
}

/** What the web client needs to know before it connects. */
function describeForClient({ dc_id, layer, public_keys, test_mode, http }: ServerFile, { web, config, homes }: Pick<OpsDeps, 'web' | 'config' | 'homes'>): Answer {
  const keys = public_keys.map(({ pem, fingerprint }) => ({ pem, fingerprint }));
  const enter = config.oidcIssuer === undefined ? undefined : { name: config.oidcName, address: `${webAddressOf(config, http.port)}${ENTER_PATH}` };
  const others = homes?.() ?? [];
  return { ...json(200, { dc_id, layer, public_keys: keys, test_mode, build: web?.build ?? '', enter, homes: others.length > 0 ? others : undefined }), headers: { 'cache-control': 'no-cache' } };
}

/**
 * Creates the handler of the pages that need no domain; every other path is answered with 404, and those of the Bot API, which come here while there is no domain, with 503 in JSON. `/` and below: the web client; without one, `/`
 * is the same as `/about`, the page about this server. `/admin` and below: the admin page. `/client.json`: what the web client needs to connect. `/healthz`: the process
 * responds. `/readyz`: it accepts clients, otherwise 503 with what it waits for, or 404 while it leaves: to proxies that
 * means that it gets no more connections, and keeps those that it has. In a maintenance it accepts clients, too, which can read. `/metrics`: for operators. Besides, what apps ask
 * that join by an address.
 */
export function createOpsHandler(deps: OpsDeps): (request: IncomingMessage, response: ServerResponse) => void {
  const addresses = new HostAddress(deps.clock);
  /** What clients need to join; undefined until the ports are open. */
  const reached = (request: IncomingMessage): ServerFile | undefined => {
    const info = deps.info();
    return info && { ...info, mtproto: reachableEndpoint(info.mtproto, deps.config, request.socket.localAddress ?? info.mtproto.host) };
  };
  const starting = (): Answer => plain(503, deps.progress());
  const toSafelink = async (info: ServerFile): Promise<Answer> => {
    const address = await addresses.of(info.mtproto.host);
    return address === undefined ? plain(503, 'the name of this server has no address') : exactJson(describeForSafelink(info, deps.config, address));
  };
  const respond = async (path: string, request: IncomingMessage): Promise<Answer> => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return { ...plain(405, 'only GET'), headers: { allow: 'GET, HEAD' } };
    switch (path) {
      case '/':
      case '/about': {
        const info = reached(request);
        return info ? { status: 200, type: 'text/html', body: renderAboutPage(info, { ...deps.config, hasWebClient: deps.web !== undefined }) } : starting();
      }
      case '/client.json': {
        const info = deps.info();
        return info ? describeForClient(info, deps) : starting();
      }
      case OWPENGRAM_INFO: {
        const info = reached(request);
        return info ? exactJson(describeForOwpengram(info, deps.config, deps.picture !== undefined || deps.web !== undefined)) : starting();
      }
      case OWPENGRAM_PICTURE:
        return deps.picture ? { status: 200, type: 'image/png', body: deps.picture } : plain(404, 'not found');
      case SAFELINK_INFO: {
        const info = reached(request);
        return info ? toSafelink(info) : starting();
      }
      case '/healthz':
        return json(200, { status: 'ok' });
      case '/readyz':
        return deps.isReady() ? json(200, { status: 'ready', maintenance: deps.maintenance() }) : json(deps.isLeaving() ? 404 : 503, { status: 'not ready', progress: deps.progress() });
      case '/metrics':
        if (!mayReadMetrics(request, deps.trusted, deps.config.metricsToken)) return plain(403, 'from this machine by a loopback address and without a proxy, or with the token');
        return { status: 200, type: 'text/plain', body: await deps.renderMetrics() };
      default:
        return plain(404, 'not found');
    }
  };

  return (request, response) => {
    // Request bodies are ignored; an unread one would block the connection's next request.
    request.resume();
    const path = (request.url ?? '').split('?', 1)[0]!;
    if (readBotPath(path)) return sendUnavailable(response);
    const shown = path === OWPENGRAM_PICTURE && deps.picture === undefined ? WEB_ICON : path;
    if (deps.web?.answer(shown, request, response) === true || deps.admin?.answer(path, request, response) === true) return;
    respond(path, request)
      .catch(() => plain(500, 'internal error'))
      .then(({ status, type, body, headers }: Answer) => {
        response.writeHead(status, {
          'content-type': type === 'image/png' ? type : `${type}; charset=utf-8`,
          'content-length': Buffer.byteLength(body),
          'cache-control': 'no-store',
          'x-content-type-options': 'nosniff',
          // These pages are not for other origins; only MTProto is (docs/config.md, AEROGRAM_WEB_ORIGINS).
          'cross-origin-resource-policy': 'same-origin',
          'content-security-policy': ABOUT_PAGE_POLICY,
          'referrer-policy': 'no-referrer',
          ...headers,
        });
        response.end(request.method === 'HEAD' ? undefined : body);
      })
      // Headers were sent or the socket is closed, so no error can be sent.
      .catch(() => response.destroy());
  };
}
