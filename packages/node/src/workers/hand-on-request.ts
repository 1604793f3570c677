import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ClientAddress } from '@aerogram/gateway';
import { DEFAULT_PACKET_LIMIT } from '@aerogram/mtproto';
import { forwardRequest } from '../http/forward-request.ts';

/**
 * Forwards a request of the HTTP transport to the worker that serves the key of its packet, and returns the response: behind a proxy, one
 * connection carries the requests of many clients.
 * @param httpPathOf returns the socket path of the worker for a packet; undefined if there is none
 */
export function handOnRequest(
  request: IncomingMessage,
  response: ServerResponse,
  httpPathOf: (packet: Uint8Array) => string | undefined,
  client: ClientAddress,
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
    if (socketPath === undefined) response.destroy();
    else forwardRequest(request, response, { to: { socketPath }, body, client });
  });
}
