import { Agent, type IncomingMessage, request as openRequest, type ServerResponse } from 'node:http';
import type { ClientAddress } from '@aerogram/gateway';

/** Header of a request forwarded to another process: the client's addresses, as the JSON of a `ClientAddress`. */
export const CLIENT_HEADER = 'x-aerogram-client';

/** How long an unused connection to another process is kept, in milliseconds: less than the other end keeps it, so that no request is sent into one that is being closed. */
const IDLE_MS = 4000;

/** Keeps connections to other processes of this machine open for later requests. */
const localAgent = new Agent({ keepAlive: true, timeout: IDLE_MS });

/** Headers that belong to the connection, not the request (RFC 9110, 7.6.1), and the header that only this server may set. */
const NOT_FORWARDED = new Set(['connection', 'expect', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', CLIENT_HEADER]);

export interface ForwardOptions {
  /** Who answers the request: a process of this machine by its socket path, or another node by its name. */
  to: { socketPath: string } | { host: string; agent: Agent };
  client: ClientAddress;
  /** The body, if it was already read. */
  body?: Buffer;
}

/** Forwards a request to another process and streams its response to the client. */
export function forwardRequest(request: IncomingMessage, response: ServerResponse, options: ForwardOptions): void {
  const { to, client, body } = options;
  const { method = 'GET', url = '/' } = request;
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !NOT_FORWARDED.has(name)));
  headers[CLIENT_HEADER] = JSON.stringify(client);
  // Pages that are for this machine only must not treat a forwarded request as local.
  headers['x-forwarded-for'] ??= client.remoteAddress;
  if (body) headers['content-length'] = String(body.length);
  const forwarded = openRequest({ agent: localAgent, ...to, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, headersOf(answer));
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  // The other process has ended; the client will retry.
  forwarded.on('error', () => response.destroy());
  response.on('close', () => forwarded.destroy());
  if (body) return void forwarded.end(body);
  // Whoever answers may refuse the request before any of its body comes, and the client may wait for that.
  if (!request.complete && request.readableLength === 0) forwarded.flushHeaders();
  request.on('error', () => forwarded.destroy()).pipe(forwarded);
}

/** Headers of an answer in their order, because some clients depend on the last one; without those that say how long the connection to the other process is kept. */
function headersOf({ rawHeaders, headers }: IncomingMessage): string[] {
  const isLast = headers.connection?.toLowerCase() === 'close';
  const kept: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!.toLowerCase();
    if (name !== 'keep-alive' && (name !== 'connection' || isLast)) kept.push(rawHeaders[at]!, rawHeaders[at + 1]!);
  }
  return kept;
}
