import { Agent, type IncomingMessage, request as openRequest, type ServerResponse } from 'node:http';
import { type ClientAddress, clientOf } from '@aerogram/gateway';
import { CLIENT_HEADER } from './control.ts';

/** Connections to other processes that wait for their next request. */
const agent = new Agent({ keepAlive: true });

/** What concerns one connection, not the request (RFC 9110, 7.6.1), and what nobody but us may say. */
const NOT_FORWARDED = new Set(['connection', 'expect', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', CLIENT_HEADER]);

export interface ForwardOptions {
  /** Where the process that is to answer listens. */
  socketPath: string;
  /** Where the request came from, when another process has forwarded it already. */
  client?: ClientAddress | undefined;
  /** The body, where it was read already. */
  body?: Buffer;
}

/** Lets another process answer a request, and gives its answer to the client as it comes. */
export function forwardRequest(request: IncomingMessage, response: ServerResponse, options: ForwardOptions): void {
  const { socketPath, client = clientOf(request.socket), body } = options;
  const { method = 'GET', url = '/' } = request;
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !NOT_FORWARDED.has(name)));
  headers[CLIENT_HEADER] = JSON.stringify(client);
  // Pages that are for this machine only must not take a forwarded request for one of this machine.
  headers['x-forwarded-for'] ??= client.remoteAddress;
  if (body) headers['content-length'] = String(body.length);
  const forwarded = openRequest({ socketPath, agent, method, path: url, headers }, (answer) => {
    // As they are, in their order: clients are particular about the last one.
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  // The other process ended: the client asks again.
  forwarded.on('error', () => response.destroy());
  response.on('close', () => forwarded.destroy());
  if (body) forwarded.end(body);
  else request.on('error', () => forwarded.destroy()).pipe(forwarded);
}
