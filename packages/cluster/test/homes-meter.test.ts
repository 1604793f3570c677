import type { CommittedTransaction } from '@aerogram/storage/testing';
import { expect, test } from 'vitest';

import { allocateChannelId, allocateChatId, allocateUserId, homeDcOf, markPeer } from '../src/index.ts';
import { findCrossings, homeOfTestPhone } from '../testing/index.ts';

const ALICE = allocateUserId(1001n, 1);
const BOB = allocateUserId(1002n, 2);
const CAROL = allocateUserId(1003n, 1);
const GROUP = markPeer({ _: 'peerChat', chat_id: allocateChatId(1n, 1) });
const CHANNEL = markPeer({ _: 'peerChannel', channel_id: allocateChannelId(1n, 1) });
const SERVICE = 777_000n;

const crossingsOf = (transaction: Partial<CommittedTransaction> & { locks?: bigint[]; writes?: string[] }): string[] => {
  const { locks = [], writes = [], operations, name = 'act' } = transaction;
  return findCrossings({ name, locked: new Set(locks), written: new Set(writes), operations }).map(({ kind, operation, tables }) => [kind, operation, ...tables].join(' '));
};

test('two homes are counted by the owners of the locked counters; service accounts have none', () => {
  expect(crossingsOf({ locks: [ALICE, BOB], writes: ['messages'] })).toEqual(['homes act']);
  expect(crossingsOf({ locks: [GROUP, ALICE, BOB] })).toEqual(['homes act']);
  expect(crossingsOf({ locks: [ALICE, CAROL, SERVICE], writes: ['messages', 'users'] })).toEqual([]);
  expect(crossingsOf({ locks: [GROUP, BOB] })).toEqual(['homes act']);
  expect(crossingsOf({ locks: [BOB, SERVICE] })).toEqual([]);
});

test('a change of a channel is noted if it also locks or writes what belongs to a user, of whatever home', () => {
  expect(crossingsOf({ locks: [CHANNEL, ALICE] })).toEqual(['users act counters']);
  expect(crossingsOf({ locks: [CHANNEL], writes: ['channels', 'dialogs'] })).toEqual(['users act dialogs']);
  expect(crossingsOf({ locks: [ALICE], writes: ['channel_heads', 'dialogs'] })).toEqual(['users act counters dialogs']);
  expect(crossingsOf({ locks: [CHANNEL, ALICE, BOB], writes: ['channel_members'] })).toEqual(['users act counters']);
  expect(crossingsOf({ locks: [CHANNEL, SERVICE], writes: ['channel_members', 'channel_heads', 'invites', 'update_log'] })).toEqual([]);
  expect(crossingsOf({ locks: [ALICE], writes: ['dialogs'] })).toEqual([]);
});

test('the operations of a batch are judged one by one', () => {
  const operations = [
    { name: 'keep', owners: [ALICE] },
    { name: 'keep', owners: [BOB] },
    { name: 'tell', owners: [ALICE, BOB] },
    { name: 'whisper', owners: [ALICE, CAROL] },
  ];
  expect(crossingsOf({ locks: [ALICE, BOB, CAROL], operations })).toEqual(['homes tell']);
});

test('an operation that writes what waits for another data centre has told it', () => {
  expect(crossingsOf({ locks: [ALICE], writes: ['messages', 'home_outbox', 'home_streams'] })).toEqual(['told act']);
  expect(crossingsOf({ locks: [ALICE, CAROL], writes: ['home_outbox'], operations: [{ name: 'keep', owners: [ALICE] }, { name: 'tell', owners: [CAROL] }] })).toEqual(['told keep', 'told tell']);
});

test('accounts with neighbouring phone numbers have different homes', () => {
  const phones = Array.from({ length: 20 }, (_, n) => `99966${n % 10}${String(Math.floor(n / 10)).padStart(4, '0')}`);
  const homes = phones.map(homeOfTestPhone);
  for (const [at, home] of homes.entries()) {
    expect(homeDcOf(allocateUserId(1001n, home))).toBe(home);
    if (at > 0) expect(home).not.toBe(homes[at - 1]);
  }
  expect(new Set(homes.slice(0, 5)).size).toBe(5);
});
