import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

const PAGE = `<!doctype html><title>Bare chat</title><input aria-label="Message"><div role="log"></div><script>
const socket = new WebSocket('ws://' + location.host);
const field = document.querySelector('input');
field.onkeydown = ({ key }) => { if (key !== 'Enter') return; socket.send(field.value); field.value = ''; };
socket.onmessage = ({ data }) => { const line = document.createElement('p'); line.textContent = data; document.querySelector('[role=log]').append(line); };
</script>`;

/** A page that sends each line to all its windows through a server that only passes it on: what a message over the wire takes without a messenger. */
export async function startBareChat(): Promise<{ address: string } & AsyncDisposable> {
  const server = createServer((_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end(PAGE));
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => socket.on('message', (data: Buffer) => {
    for (const other of sockets.clients) other.send(data, { binary: false });
  }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://localhost:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.clients) socket.terminate();
      await new Promise<unknown>((resolve) => server.close(resolve));
    },
  };
}
