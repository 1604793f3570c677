import { createServer, request as ask } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A page that paints the newest chats of the web client's database, and nothing else. It notes when, as `noteRows` does. */
const BARE_LIST = `<!doctype html><title>Bare list</title><ul></ul><script>
(async () => {
  const settle = (request) => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = reject; });
  const db = await settle(indexedDB.open('aerogram-account-1'));
  const stores = db.transaction(['chats', 'peers', 'messages']);
  const [chats, peers] = await Promise.all(['chats', 'peers'].map((name) => settle(stores.objectStore(name).getAll())));
  const names = new Map(peers.map(({ id, name }) => [id, name]));
  const newest = chats.sort((a, b) => b.date - a.date).slice(0, 25);
  const tops = await Promise.all(newest.map(({ peer, topId }) => settle(stores.objectStore('messages').get([peer, topId]))));
  newest.forEach(({ peer }, index) => { const row = document.createElement('li'); row.textContent = names.get(peer) + ': ' + tops[index]?.text; document.querySelector('ul').append(row); });
  requestAnimationFrame(() => setTimeout(() => { window.benchRows = { sinceStartMs: performance.now() }; }, 0));
})();
</script>`;

/** What stands between browsers and a server: the pages of the web client always come through, its connection to the server only while the gate is open. */
export interface Gate extends AsyncDisposable {
  readonly address: string;
  close(): void;
}

/** Sets a gate before the HTTP port of a server. It has a page of its own: `/bare-list`. */
export async function setGate(port: number): Promise<Gate> {
  let isOpen = true;
  const sockets = new Set<Socket>();
  const server = createServer((incoming, outgoing) => {
    if (incoming.url === '/bare-list') {
      outgoing.writeHead(200, { 'Content-Type': 'text/html' }).end(BARE_LIST);
      return;
    }
    incoming.pipe(ask({ port, host: '127.0.0.1', method: incoming.method, path: incoming.url, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    }));
  });
  server.on('upgrade', (incoming, socket: Socket, head) => {
    if (!isOpen) {
      socket.destroy();
      return;
    }
    const upstream = connect(port, '127.0.0.1', () => {
      const headers = incoming.rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${incoming.rawHeaders[index + 1]}`] : []));
      upstream.write(`GET ${incoming.url} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    for (const one of [socket, upstream]) {
      sockets.add(one);
      one.on('error', () => one.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    address: `http://localhost:${(server.address() as AddressInfo).port}/`,
    close() {
      isOpen = false;
      endAll();
    },
    async [Symbol.asyncDispose]() {
      endAll();
      server.closeAllConnections();
      await new Promise<unknown>((resolve) => server.close(resolve));
    },
  };
}
