import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, createServer, request as openRequest, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { forwardRequest } from '../src/http/forward-request.ts';

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

const client = { remoteAddress: '127.0.0.1', localAddress: '127.0.0.1', localPort: 0 };

test('a request that is refused before its body comes is answered, although the client sends nothing of it', async () => {
  const owner = createServer((_request, response) => response.writeHead(413, { Connection: 'close', 'Content-Length': 0 }).end());
  const ownerPort = await listen(owner);
  const agent = new Agent({ port: ownerPort });
  const front = createServer((request, response) => forwardRequest(request, response, { to: { host: '127.0.0.1', agent }, client }));
  const sent = openRequest({ host: '127.0.0.1', port: await listen(front), method: 'POST', headers: { 'Content-Length': 1024 } });
  sent.on('error', () => {});
  sent.flushHeaders();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  expect(answer.statusCode).toBe(413);
  sent.destroy();
});

test.each([
  ['says how long the connection to the server is kept, not that between its processes', 'keep-alive', 'timeout=75'],
  ['closes the connection if the other process does', 'close', undefined],
])('the answer %s', async (_, connection, keepAlive) => {
  const owner = createServer({ keepAliveTimeout: 10_000 }, (_request, response) => {
    if (connection === 'close') response.setHeader('Connection', 'close');
    response.writeHead(200, { 'X-First': '1', 'Content-Length': 0 }).end();
  });
  const agent = new Agent({ keepAlive: true, port: await listen(owner) });
  onTestFinished(() => agent.destroy());
  const front = createServer({ keepAliveTimeout: 75_000 }, (request, response) => forwardRequest(request, response, { to: { host: '127.0.0.1', agent }, client }));
  const kept = new Agent({ keepAlive: true, port: await listen(front) });
  onTestFinished(() => kept.destroy());
  const [answer] = (await once(openRequest({ host: '127.0.0.1', agent: kept }).end(), 'response')) as [IncomingMessage];
  answer.resume();
  expect(answer.headers).toMatchObject({ connection, 'x-first': '1' });
  expect(answer.headers['keep-alive']).toBe(keepAlive);
});

test('an unused connection to another process is closed by the one that sends the requests, so that none is lost in a connection that the other end closes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'aerogram-forward-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const socketPath = join(folder, 'owner');
  // Node.js does not close unused connections then.
  const owner = createServer({ keepAliveTimeout: 0 }, (_request, response) => void response.end());
  servers.push(owner);
  await once(owner.listen(socketPath), 'listening');
  const front = createServer((request, response) => forwardRequest(request, response, { to: { socketPath }, client }));
  const opened = once(owner, 'connection') as Promise<[Socket]>;
  const [answer] = (await once(openRequest({ host: '127.0.0.1', port: await listen(front) }).end(), 'response')) as [IncomingMessage];
  answer.resume();
  const [connection] = await opened;
  await once(connection, 'close');
  expect(answer.statusCode).toBe(200);
});
