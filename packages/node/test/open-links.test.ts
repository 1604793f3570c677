import type { KeyObject } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChannelEvents, type LinkHub, openClusterKey } from '@aerogram/link';
import { createMetrics, Lifecycle, seededRandom, silentLogger as log, systemClock as clock } from '@aerogram/runtime';
import type { Member } from '@aerogram/storage';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLinks } from '../src/open-links.ts';

const metrics = createMetrics();
let lifecycle: Lifecycle;
let directory: string;
let clusterKey: KeyObject;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aerogram-open-links-'));
  lifecycle = new Lifecycle({ log, clock, drainTimeoutMs: 1000 });
  clusterKey = await openClusterKey(directory);
});
afterEach(async () => {
  await lifecycle.stop();
  await rm(directory, { recursive: true, force: true });
});

/** Nodes that read each other's rows. */
async function openLinked({ maxConnections }: { maxConnections: number }): Promise<LinkHub[]> {
  const peers: Member[] = [];
  const looks: (() => void)[] = [];
  const hubs: LinkHub[] = [];
  for (const self of ['a', 'b']) {
    const onChange = (look: () => void): Disposable => (looks.push(look), { [Symbol.dispose]: () => undefined });
    const lease = { self, token: 7n, peers, members: peers, onChange };
    const { hub, address } = await openLinks(lifecycle, { config: { linkHost: '127.0.0.1', linkPort: 0, maxConnections }, clusterKey, lease, clock, random: seededRandom(self), log, metrics });
    peers.push({ name: self, token: 7n, linkAddress: address });
    hubs.push(hub);
  }
  for (const look of looks) look();
  for (const hub of hubs) await expect.poll(() => hub.up.length).toBe(1);
  return hubs;
}

test('a link has a channel for each connection that the settings allow', async () => {
  const maxConnections = 66_000;
  const [a, b] = await openLinked({ maxConnections });
  let accepted = 0;
  let closed = 0;
  const events: ChannelEvents = { message: () => undefined, room: () => undefined, closed: () => void (closed += 1) };
  b!.onChannel(() => (accepted++, events));
  // In portions, because a link ends when the process does nothing else for seconds.
  for (let opened = 0; opened < maxConnections; opened += 3000) {
    for (let at = 0; at < 3000; at++) if (!a!.openChannel('b', Buffer.from('hello'), () => events)) expect.fail(`no channel after ${opened + at}`);
    await expect.poll(() => accepted, { timeout: 20_000 }).toBe(opened + 3000);
  }
  expect(closed).toBe(0);
}, 60_000);
