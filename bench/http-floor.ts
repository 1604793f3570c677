import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The path whose requests are never answered; all others are answered with what they said. */
const SILENT = '/silent';

/** A process with Node's HTTP server and nothing behind it. */
export interface HttpFloor extends Disposable {
  pid: number;
  port: number;
}

/** Starts a process that answers JSON with JSON; disposing it ends it. */
export async function startHttpFloor(): Promise<HttpFloor> {
  const server = fork(process.argv[1]!, ['--http-floor'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const { port } = await new Promise<{ port: number }>((resolve, reject) => {
    server.once('message', (message) => resolve(message as { port: number }));
    server.once('exit', () => reject(new Error('the HTTP floor ended')));
  });
  return { pid: server.pid!, port, [Symbol.dispose]: () => server.disconnect() };
}

/** The role of that process. Reports its port to the parent process. */
export async function runHttpFloor(): Promise<void> {
  const server = createServer((request, response) => {
    if (request.url !== SILENT) void echo(request, response);
  });
  process.on('disconnect', () => process.exit(0));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  process.send!({ port: (server.address() as AddressInfo).port });
}

async function echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  const body = JSON.stringify({ ok: true, result: JSON.parse(Buffer.concat(pieces).toString()) as unknown });
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }).end(body);
}
