import { createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { listenOn, OperatorError } from '@aerogram/runtime';

function open(): ReturnType<typeof createServer> {
  const server = createServer();
  onTestFinished(() => void server.close());
  return server;
}

it('says which port is in use and how to choose another one', async () => {
  const first = await listenOn(open(), { host: '127.0.0.1', port: 0 }, '--port');
  expect(first.port).toBeGreaterThan(0);
  const second = listenOn(open(), first, '--http-port (AEROGRAM_HTTP_PORT)');
  await expect(second).rejects.toThrow(`port ${first.port} of 127.0.0.1 is in use by another program: stop it, or choose another port with --http-port (AEROGRAM_HTTP_PORT)`);
  await expect(second).rejects.toBeInstanceOf(OperatorError);
});

it('says that an address does not belong to this machine', async () => {
  await expect(listenOn(open(), { host: '192.0.2.1', port: 0 }, '--port')).rejects.toThrow('AEROGRAM_HOST');
});
