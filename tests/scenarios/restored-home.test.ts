import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { type HomePair, RawAccount, startHomePair } from '@aerogram/dev-env/load';
import { systemRandom } from '@aerogram/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';

let homes: HomePair;
let alice: RawAccount;
let bob: RawAccount;

beforeAll(async () => {
  homes = await startHomePair();
  const [one, two] = homes.servers;
  alice = await RawAccount.signUp(one.info, { name: 'Alice', phone: '9996611001', code: '11111' });
  bob = await RawAccount.signUp(two.info, { name: 'Bob', phone: '9996622002', code: '22222' });
  await alice.meet(bob);
  await bob.meet(alice);
}, 120_000);

afterAll(async () => {
  for (const account of [alice, bob]) account?.disconnect();
  await homes?.[Symbol.asyncDispose]();
});

/** The texts that somebody has in the chat with another, in their order. */
async function textsOf(owner: RawAccount, other: RawAccount): Promise<string[]> {
  const history = await owner.call<'messages.getHistory'>({
    _: 'messages.getHistory', peer: owner.inputPeer(other), offset_id: 0, offset_date: 0, add_offset: 0, limit: 100, max_id: 0, min_id: 0, hash: 0n,
  });
  if (history._ === 'messages.messagesNotModified') throw new Error('nothing was known before');
  return history.messages.flatMap((message) => (message._ === 'message' ? [message.message] : [])).toReversed();
}

test('a home that is restored from an older backup gets back what the other one has', async () => {
  const [one] = homes.servers;
  await alice.send(bob, 'before, of Alice');
  await bob.send(alice, 'before, of Bob');
  await homes.untilDry();
  const backup = join(homes.directory, 'backup');
  await homes.operate(one, 'backup', backup);

  const repeated = systemRandom.int63();
  await alice.sendTo(alice.inputPeer(bob), 'after, of Alice', repeated);
  for (let n = 0; n < 5; n++) {
    await alice.send(bob, `lost ${n} of Alice`);
    await bob.send(alice, `lost ${n} of Bob`);
  }
  await homes.untilDry();
  const [ofAlice, ofBob] = [await textsOf(alice, bob), await textsOf(bob, alice)];
  expect(ofAlice.toSorted()).toEqual(ofBob.toSorted());
  expect(ofAlice).toHaveLength(13);

  // The disk is lost; only the backup is left.
  alice.disconnect();
  await one.kill('SIGKILL');
  await one.killDatabase();
  renameSync(one.dataDir, join(homes.directory, 'lost'));
  await homes.operate(one, 'restore', backup);
  await one.start();
  await alice.connect(one.info);
  await homes.untilDry();

  await expect.poll(async () => (await textsOf(alice, bob)).toSorted(), { timeout: 30_000 }).toEqual(ofAlice.toSorted());
  expect(await textsOf(bob, alice)).toEqual(ofBob);

  // A client that got no answer sends again.
  await alice.sendTo(alice.inputPeer(bob), 'after, of Alice', repeated);
  await alice.send(bob, 'new, of Alice');
  await bob.send(alice, 'new, of Bob');
  await homes.untilDry();
  expect((await textsOf(alice, bob)).toSorted()).toEqual([...ofAlice, 'new, of Alice', 'new, of Bob'].toSorted());
  expect((await textsOf(bob, alice)).toSorted()).toEqual((await textsOf(alice, bob)).toSorted());
}, 240_000);
