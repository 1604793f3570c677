import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { World } from '@aerogram/dev-env';
import { startServerProcess, type ServerProcess } from '@aerogram/dev-env/load';
import { testDatabase, type TestDatabase } from '@aerogram/storage/testing';
import { encodeResult, type tl } from '@aerogram/tl';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repeatMessage } from './fill-box.ts';
import { SyncDevice } from './sync-device.ts';

/** Number of events that the device missed. */
const UPDATES = Number(process.env['FAR_BEHIND_UPDATES'] ?? 100_000);
const EDITS = 300;
const DELETED_AT_ONCE = 100;
const DELETIONS = 30;
/** Additional memory that a device far behind may cost on either side; generous, and independent of the number of events. */
const SERVER_BOUND_MB = 160;
const CLIENT_BOUND_MB = 32;
const SLICE_BOUND_BYTES = 1024 * 1024;
const MB = 1024 * 1024;

let db: TestDatabase;
let server: ServerProcess;
beforeAll(async () => {
  db = await testDatabase();
  server = await startServerProcess({ databaseUrl: db.url });
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await db?.[Symbol.asyncDispose]();
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapMb(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / MB;
}

/** Resident memory of the server's process, now and at its maximum. */
function serverMb(): { now: number; peak: number } {
  const status = readFileSync(`/proc/${server.info.pid}/status`, 'utf8');
  const of = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)![1]) / 1024;
  return { now: of('VmRSS'), peak: of('VmHWM') };
}

/** Reads every slice from a position and keeps none. */
async function readThrough(device: SyncDevice, from: { pts: number; date: number }): Promise<{ slices: number; largest: number; pts: number }> {
  let { pts, date } = from;
  let largest = 0;
  for (let slices = 1; ; slices++) {
    const difference: tl.updates.Difference = await device.account.call<'updates.getDifference'>({ _: 'updates.getDifference', pts, date, qts: -1 });
    largest = Math.max(largest, encodeResult('updates.getDifference', difference).length);
    if (difference._ === 'updates.differenceEmpty') return { slices, largest, pts };
    if (difference._ === 'updates.differenceTooLong') throw new Error('differenceTooLong without pts_total_limit');
    ({ pts, date } = difference._ === 'updates.difference' ? difference.state : difference.intermediate_state);
    if (difference._ === 'updates.difference') return { slices, largest, pts };
  }
}

/** Describes the first difference between two states. */
function findDifference(a: Record<string, unknown>, b: Record<string, unknown>): string | undefined {
  for (const key of Object.keys(a)) {
    const [left, right] = [a[key], b[key]];
    if (!Array.isArray(left) || !Array.isArray(right)) {
      if (JSON.stringify(left) !== JSON.stringify(right)) return `${key}: ${JSON.stringify(left)} ≠ ${JSON.stringify(right)}`;
      continue;
    }
    for (let i = 0; i < Math.max(left.length, right.length); i++) {
      if (JSON.stringify(left[i]) !== JSON.stringify(right[i])) return `${key}[${i}]: ${JSON.stringify(left[i])} ≠ ${JSON.stringify(right[i])}`;
    }
  }
  return undefined;
}

test(`a device that was away for ${UPDATES} updates catches up in bounded memory`, async () => {
  const world = new World(server);
  const [alicePhone, bobPhone] = [world.freshPhone(), world.freshPhone()];
  const device = await SyncDevice.logIn(server.info, { name: 'Alice', ...alicePhone });
  const bob = await SyncDevice.logIn(server.info, { name: 'Bob', ...bobPhone });
  await bob.account.meet(device.account);
  await device.account.meet(bob.account);
  const { id: bobsId } = await bob.account.send(device.account, 'the last one before');
  const peers = [{ _: 'inputPeerSelf' } as const, device.account.inputPeer(bob.account)];
  device.state = await device.load(peers);
  const { pts, date } = device.state;
  const alicesId = Math.max(...device.state.messages.keys());
  device.goOffline();

  const live = EDITS + DELETED_AT_ONCE * DELETIONS;
  const copies = UPDATES - live;
  const [alicesUser, bobsUser] = [device.account.userId, bob.account.userId];
  await repeatMessage(db, [
    { ownerId: alicesUser, peerId: bobsUser, msgId: alicesId, isIncoming: true },
    { ownerId: bobsUser, peerId: alicesUser, msgId: bobsId, isIncoming: false },
  ], copies);
  // The server pushes the difference after a new message by itself.
  const peer = bob.account.inputPeer(device.account);
  for (let n = 0; n < EDITS; n++) {
    await bob.account.call<'messages.editMessage'>({ _: 'messages.editMessage', peer, id: bobsId + 1 + n * Math.floor((copies - 1) / EDITS), message: `edit ${n}` });
  }
  for (let n = 0; n < DELETIONS; n++) {
    const id = Array.from({ length: DELETED_AT_ONCE }, (_, at) => bobsId + copies - n * DELETED_AT_ONCE - at);
    await bob.account.call<'messages.deleteMessages'>({ _: 'messages.deleteMessages', id, revoke: true });
  }

  const reader = await SyncDevice.logIn(server.info, { name: 'Alice', ...alicePhone });
  await readThrough(reader, { pts: pts + UPDATES - 1000, date });
  const before = { server: serverMb(), heap: heapMb() };
  const startedMs = performance.now();
  const through = await readThrough(reader, { pts, date });
  const seconds = (performance.now() - startedMs) / 1000;
  const grown = { server: serverMb().peak - before.server.now, heap: heapMb() - before.heap };
  console.log(`${UPDATES} updates in ${through.slices} slices, ${seconds.toFixed(1)} s; largest ${(through.largest / 1024).toFixed(0)} KB; `
    + `server +${grown.server.toFixed(0)} MB of ${before.server.now.toFixed(0)} at its peak, client's heap +${grown.heap.toFixed(1)} MB`);
  expect(through.pts).toBe(pts + UPDATES);
  expect(through.largest).toBeLessThan(SLICE_BOUND_BYTES);
  expect(grown.server).toBeLessThan(SERVER_BOUND_MB);
  expect(grown.heap).toBeLessThan(CLIENT_BOUND_MB);

  await device.goOnline(server.info);
  expect(device.state.violations).toEqual([]);
  expect(device.state.pts).toBe(pts + UPDATES);
  expect(device.state.messages.size).toBe(1 + copies - DELETED_AT_ONCE * DELETIONS);
  const fresh = await reader.load(peers);
  expect(findDifference(device.state.describe(), fresh.describe())).toBeUndefined();

  // A client that sends a limit and is further behind is told to load everything again; otherwise it is not.
  const ask = (pts_total_limit: number): Promise<tl.updates.Difference> =>
    reader.account.call<'updates.getDifference'>({ _: 'updates.getDifference', pts, date, qts: 0, pts_total_limit });
  expect(await ask(UPDATES - 1)).toEqual({ _: 'updates.differenceTooLong', pts: pts + UPDATES });
  expect((await ask(UPDATES))._).toBe('updates.differenceSlice');
  for (const one of [device, bob, reader]) one.goOffline();
});
