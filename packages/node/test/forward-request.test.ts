import { once } from 'node:events';
import { Agent, createServer, request as openRequest, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { forwardRequest } from '../src/workers/forward-request.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

test('a request that is refused before its body comes is answered, although the client sends nothing of it', async () => {
  const owner = createServer((_request, response) => response.writeHead(413, { Connection: 'close', 'Content-Length': 0 }).end());
  const ownerPort = await listen(owner);
  const agent = new Agent({ port: ownerPort });
  const client = { remoteAddress: '127.0.0.1', localAddress: '127.0.0.1', localPort: 0 };
  const front = createServer((request, response) => forwardRequest(request, response, { to: { host: '127.0.0.1', agent }, client }));
  const sent = openRequest({ host: '127.0.0.1', port: await listen(front), method: 'POST', headers: { 'Content-Length': 1024 } });
  sent.on('error', () => {});
  sent.flushHeaders();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  expect(answer.statusCode).toBe(413);
  sent.destroy();
});
