import { Agent, type IncomingMessage, request as openRequest, type ServerResponse } from 'node:http';
import { clientOf } from '@aerogram/gateway';
import { DEFAULT_PACKET_LIMIT } from '@aerogram/mtproto';
import { CLIENT_HEADER } from './control.ts';

/** Connections to workers that wait for their next request. */
const agent = new Agent({ keepAlive: true });

/**
 * Hands a request of the HTTP transport on to the worker that serves the key of its packet, and the answer back: behind a proxy
 * one connection carries the requests of many clients.
 * @param httpPathOf where the worker for a packet listens; undefined when there is none
 */
export function handOnRequest(
  request: IncomingMessage,
  response: ServerResponse,
  httpPathOf: (packet: Uint8Array) => string | undefined,
): void {
  const chunks: Buffer[] = [];
  let length = 0;
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= DEFAULT_PACKET_LIMIT) chunks.push(chunk);
    else if (!response.headersSent) response.writeHead(413, { Connection: 'close', 'Content-Length': 0 }).end();
  });
  request.on('error', () => response.destroy());
  request.on('end', () => {
    if (length > DEFAULT_PACKET_LIMIT) return;
    const body = Buffer.concat(chunks);
    const socketPath = httpPathOf(body);
    if (socketPath === undefined) return void response.destroy();
    const { method = 'POST', url = '/' } = request;
    const { origin } = request.headers;
    const headers = { 'content-length': length, [CLIENT_HEADER]: JSON.stringify(clientOf(request.socket)), ...(origin === undefined ? {} : { origin }) };
    const handed = openRequest({ socketPath, agent, method, path: url, headers }, (answer) => {
      // As they are, in their order: clients are particular about the last one.
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    // The worker ended: the client asks again.
    handed.on('error', () => response.destroy());
    response.on('close', () => handed.destroy());
    handed.end(body);
  });
}
