import { ownerOf } from '@aerogram/cluster';
import { LinkError } from '@aerogram/link';
import { createFakeClock, silentLogger } from '@aerogram/runtime';
import type { Member, Membership } from '@aerogram/storage';
import { expect, test } from 'vitest';
import { LinkedOwners } from '../src/linked-owners.ts';
import { NodeShards } from '../src/node-shards.ts';

const NAMES = ['a', 'b', 'c'];
const QUESTION = { kind: 'quota:x', body: new Uint8Array(0) };

function open(names: string[], call: () => Promise<Uint8Array>): { owners: LinkedOwners; clock: ReturnType<typeof createFakeClock>; lease: Pick<Membership, 'self' | 'onChange'> & { members: Member[] } } {
  const clock = createFakeClock();
  const lease = { self: 'a', members: names.map((name) => ({ name }) as Member), onChange: () => ({ [Symbol.dispose]: () => undefined }) };
  const links = { call, tell: () => true, onCall: () => undefined, onTell: () => undefined };
  return { owners: new LinkedOwners({ links, lease, shards: new NodeShards(lease), clock, log: silentLogger }), clock, lease };
}

test('the owner of a key is the member that all agree on, and a node that is alone owns all', () => {
  const { owners, lease } = open(NAMES, () => Promise.reject(new LinkError('down')));
  expect(owners.count).toBe(3);
  for (let i = 0; i < 20; i++) {
    const owner = ownerOf(`quota:${i}`, NAMES);
    expect(owners.find(`quota:${i}`)).toBe(owner === 'a' ? undefined : owner);
  }
  lease.members = [];
  expect([owners.find('quota:1'), owners.count]).toEqual([undefined, 1]);
});

test('a node that has not answered in time is not asked for a second', async () => {
  let outcome: LinkError['reason'] | 'ok' = 'timeout';
  let calls = 0;
  const { owners, clock } = open(NAMES, () => {
    calls++;
    return outcome === 'ok' ? Promise.resolve(new Uint8Array([7])) : Promise.reject(new LinkError(outcome));
  });
  const ask = (node: string): Promise<Uint8Array | undefined> => owners.ask(node, QUESTION, { timeoutMs: 500 });
  expect([await ask('b'), await ask('b'), calls]).toEqual([undefined, undefined, 1]);
  expect([await ask('c'), calls]).toEqual([undefined, 2]);
  await clock.advance(1000);
  outcome = 'down';
  expect([await ask('b'), await ask('b'), calls]).toEqual([undefined, undefined, 4]);
  outcome = 'ok';
  expect(await ask('b')).toEqual(new Uint8Array([7]));
});
