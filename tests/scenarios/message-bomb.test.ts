import { World } from '@aerogram/dev-env';
import { startServerProcess, type ServerProcess } from '@aerogram/dev-env/load';
import { sql } from '@aerogram/storage';
import { testDatabase, type TestDatabase } from '@aerogram/storage/testing';
import { encodeResult, type tl } from '@aerogram/tl';
import { storedEncode } from '@aerogram/tl-compat';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repeatMessage } from './fill-box.ts';
import { SyncDevice } from './sync-device.ts';

/** Together with the message that is sent and then copied, 280. */
const COPIES = 279;
const ENTITY_BYTES = 250_000;
const READERS = 24;
const MIB = 1024 * 1024;
/** Maximum time of another user's call meanwhile, in milliseconds; generous, because the machine may be busy. */
const WAIT_BOUND_MS = 5000;

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

/** A code block as older servers stored it: its language may have any length. */
function giantEntity(bytes: number): Uint8Array {
  const object = storedEncode({ _: 'messageEntityPre', offset: 0, length: 1, language: 'x'.repeat(bytes) });
  return Buffer.concat([Uint8Array.of(1, object.length & 255, (object.length >> 8) & 255, object.length >> 16), object]);
}

interface ReadThrough {
  ids: number[];
  slices: number;
  largest: number;
}

/** Fetches differences until there are no more. */
async function readThrough(device: SyncDevice, from: { pts: number; date: number }): Promise<ReadThrough> {
  const read: ReadThrough = { ids: [], slices: 0, largest: 0 };
  for (let { pts, date } = from; ;) {
    const difference: tl.updates.Difference = await device.account.call<'updates.getDifference'>({ _: 'updates.getDifference', pts, date, qts: -1 });
    read.slices++;
    read.largest = Math.max(read.largest, encodeResult('updates.getDifference', difference).length);
    if (difference._ === 'updates.differenceEmpty' || difference._ === 'updates.differenceTooLong') throw new Error(difference._);
    read.ids.push(...difference.new_messages.map((message) => message.id));
    if (difference._ === 'updates.difference') return read;
    ({ pts, date } = difference.intermediate_state);
  }
}

/** Makes one call after another until told to stop. @returns how long each took, in milliseconds */
async function callUntil(device: SyncDevice, isOver: () => boolean): Promise<number[]> {
  const waits: number[] = [];
  do {
    const startedMs = performance.now();
    // All different, because the same call is refused if repeated too often.
    await device.account.call<'messages.getHistory'>({
      _: 'messages.getHistory', peer: { _: 'inputPeerSelf' }, offset_id: 0, offset_date: 0, add_offset: 0, limit: 1, max_id: 0, min_id: waits.length, hash: 0n,
    });
    waits.push(performance.now() - startedMs);
  } while (!isOver());
  return waits;
}

test('a box full of oversized messages can be read completely by many clients at once, while others are served', async () => {
  const world = new World(server);
  const alicePhone = world.freshPhone();
  const alice = await SyncDevice.logIn(server.info, { name: 'Alice', ...alicePhone });
  const bob = await SyncDevice.logIn(server.info, { name: 'Bob', ...world.freshPhone() });
  const carol = await SyncDevice.logIn(server.info, { name: 'Carol', ...world.freshPhone() });
  await bob.account.meet(alice.account);
  await alice.account.meet(bob.account);
  const before = await alice.account.call<'updates.getState'>({ _: 'updates.getState' });
  const text = 'あ'.repeat(4000);
  const { id: bobsId } = await bob.account.send(alice.account, text);
  const alicesId = Math.max(...(await alice.load([alice.account.inputPeer(bob.account)])).messages.keys());
  const [alicesUser, bobsUser] = [alice.account.userId, bob.account.userId];
  await repeatMessage(db, [
    { ownerId: alicesUser, peerId: bobsUser, msgId: alicesId, isIncoming: true },
    { ownerId: bobsUser, peerId: alicesUser, msgId: bobsId, isIncoming: false },
  ], COPIES);
  await sql`UPDATE messages SET text = ${text}, extra = ${giantEntity(ENTITY_BYTES)}`.execute(db.q);
  const ids = Array.from({ length: COPIES + 1 }, (_, n) => alicesId + n);

  let isOver = false;
  const others = callUntil(carol, () => isOver);
  const reads = await Promise.all(Array.from({ length: READERS }, () => readThrough(alice, before))).finally(() => (isOver = true));
  const waits = await others;
  console.log(`${READERS} readers, ${reads[0]!.slices} slices each, the largest of ${(reads[0]!.largest / 1024).toFixed(0)} KB; others waited for ${Math.max(...waits).toFixed(0)} ms at most in ${waits.length} calls`);
  for (const read of reads) {
    expect(read.ids).toEqual(ids);
    expect(read.slices).toBeGreaterThan(1);
    expect(read.largest).toBeLessThan(1.2 * MIB);
  }
  expect(Math.max(...waits)).toBeLessThan(WAIT_BOUND_MS);

  // The chat itself can be opened too, and later messages are read.
  const history = await alice.account.call<'messages.getHistory'>({
    _: 'messages.getHistory', peer: alice.account.inputPeer(bob.account),
    offset_id: 0, offset_date: 0, add_offset: 0, limit: 100, max_id: 0, min_id: 0, hash: 0n,
  });
  if (history._ === 'messages.messagesNotModified') throw new Error(history._);
  expect(history.messages.map((message) => message.id)).toEqual(ids.toReversed().slice(0, 100));
  await bob.account.send(alice.account, 'and on');
  expect((await readThrough(alice, { pts: before.pts + COPIES + 1, date: before.date })).ids).toHaveLength(1);
  for (const one of [alice, bob, carol]) one.goOffline();
});
