import { createInProcessBus } from '@aerogram/bus';
import { createFaultyBus, type FaultyBus } from '@aerogram/bus/testing';
import { markPeer } from '@aerogram/cluster';
import { createFakeClock, type FakeClock } from '@aerogram/runtime';
import { beforeEach, expect, test } from 'vitest';
import { FileRights } from '../src/documents/index.ts';
import { publishAccountHint, publishDecision } from '../src/shared/index.ts';

const [VIEWER, OTHER, OWNER] = [1n, 2n, 3n];
const CHANNEL = 77n;
const POST = { kind: 'post', channelId: CHANNEL, msgId: 5 } as const;
const KEPT = { kind: 'kept', ownerId: OWNER, list: 1 } as const;
const MESSAGE = { kind: 'message', msgId: 9 } as const;
const ALL = [POST, KEPT, MESSAGE] as const;

let clock: FakeClock;
let bus: FaultyBus;
let rights: FileRights;
beforeEach(async () => {
  clock = createFakeClock();
  bus = createFaultyBus(createInProcessBus(), () => 'deliver');
  rights = new FileRights({ bus, clock });
  for (const viewer of [VIEWER, OTHER]) for (const origin of ALL) rights.keep(viewer, 'document 1', { origin, right: { atMs: clock.monotonicMs(), isProtected: false } });
  await clock.advance(10);
});

/** What both viewers still have, as `<viewer> <kind>`. */
const held = (): string[] => [VIEWER, OTHER].flatMap((viewer) => ALL.filter((origin) => rights.find(viewer, 'document 1', origin) !== undefined).map(({ kind }) => `${viewer} ${kind}`));

const EVERYTHING = ['1 post', '1 kept', '1 message', '2 post', '2 kept', '2 message'];

test('a right is kept for two seconds, for its file only', async () => {
  expect(held()).toEqual(EVERYTHING);
  expect(rights.find(VIEWER, 'document 2', POST)).toBeUndefined();
  expect(rights.find(VIEWER, 'document 1', { ...POST, msgId: 6 })).toBeUndefined();
  await clock.advance(1_990);
  expect(held()).toEqual([]);
});

test.each<[string, Parameters<typeof publishDecision>[1], string[]]>([
  ['about a channel', { kind: 'chat', markedId: markPeer({ _: 'peerChannel', channel_id: CHANNEL }), userIds: [] }, ['1 kept', '1 message', '2 kept', '2 message']],
  ['about another channel', { kind: 'chat', markedId: markPeer({ _: 'peerChannel', channel_id: 78n }), userIds: [] }, EVERYTHING],
  ['about a viewer', { kind: 'user', userId: VIEWER }, ['2 post', '2 kept', '2 message']],
  ['about an owner', { kind: 'privacy', userId: OWNER }, ['1 post', '1 message', '2 post', '2 message']],
  ['between two people', { kind: 'relation', userIds: [OWNER, OTHER] }, ['1 post', '1 message']],
  ['about messages of a viewer', { kind: 'deleted', ownerIds: [OTHER] }, ['1 post', '1 kept', '1 message']],
])('a decision %s ends the rights that it concerns', async (_title, decision, left) => {
  await publishDecision(bus, decision);
  expect(held()).toEqual(left);
});

test('a right that was being read when something was decided counts no more, one that is read later does', async () => {
  const atMs = clock.monotonicMs();
  await publishDecision(bus, { kind: 'user', userId: VIEWER });
  rights.keep(VIEWER, 'document 1', { origin: POST, right: { atMs, isProtected: false } });
  expect(rights.find(VIEWER, 'document 1', POST)).toBeUndefined();
  await clock.advance(1);
  rights.keep(VIEWER, 'document 1', { origin: POST, right: { atMs: clock.monotonicMs(), isProtected: true } });
  expect(rights.find(VIEWER, 'document 1', POST)).toMatchObject({ isProtected: true });
});

test('hints that may have been lost end all rights, and hints that decide nothing none', async () => {
  const plain = { kind: 'places', userId: VIEWER } as const;
  publishAccountHint(bus, plain);
  await Promise.resolve();
  expect(held()).toEqual(EVERYTHING);
  bus.reconnect();
  expect(held()).toEqual([]);
});
