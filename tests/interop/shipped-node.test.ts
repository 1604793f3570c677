import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { World } from '@aerogram/dev-env';
import { startServerProcess } from '@aerogram/dev-env/load';
import { expect, test } from 'vitest';
import { DriverProcess } from './driver-process.ts';
import { closeAll, enterPair } from './people-of-libraries.ts';

// JavaScript, because it makes packages before anything is compiled; so its type is said here.
const path: string = '../../tools/shipped-node.mjs';
const { fetchNode } = (await import(path)) as { fetchNode: (arch: string) => Promise<string> };

test.runIf(process.platform === 'linux')('the built server runs on the Node that the package brings, with its embedded database and its workers', async () => {
  const node = join(await fetchNode(process.arch), 'bin/node');
  await using server = await startServerProcess({ node, env: { AEROGRAM_WORKERS: '2' } });
  expect(readlinkSync(`/proc/${server.info.pid}/exe`)).toBe(node);
  await using driver = new DriverProcess('mtcute');
  const [alice, bob] = await enterPair({ drivers: new Map([['mtcute', driver]]), world: new World(server), server }, 'mtcute', 'mtcute');
  await alice.client.send({ peer: bob.id, text: 'before' });
  await bob.client.seesMessage('before');
  await server.restart();
  // After a reconnect, mtcute does not fetch updates that it missed, so both clients must be connected before anything is sent.
  await alice.client.send({ peer: bob.id, text: 'back' });
  await bob.client.send({ peer: alice.id, text: 'after' });
  await alice.client.seesMessage('after');
  await closeAll(alice, bob);
});
