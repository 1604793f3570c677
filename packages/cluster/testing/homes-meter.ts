// The meter of homes (docs/testing.md): notes which operations a second data centre would make harder.
import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';

import type { Database } from '@aerogram/storage';
import { type CommittedTransaction, watchTransactions } from '@aerogram/storage/testing';

import { homeDcOf } from '../src/ids.ts';
import { isMarkedChannel, isMarkedUser, unmarkPeer } from '../src/marked-peer.ts';
import { ownerOfTable } from './table-owners.ts';

/** The directory in which the processes of a test run note what they see; set by tools/test/two-homes.mjs. */
const DIRECTORY_VARIABLE = 'AEROGRAM_TEST_HOMES_DIR';

/**
 * `homes`: it locked counters of owners with different homes. `users`: it changed a channel, and rows of users in the same transaction. `told`: the other person
 * was in another data centre, which it told by effects.
 */
export type CrossingKind = 'homes' | 'users' | 'told';

/** The table with what waits for other data centres. */
const TOLD_TABLE = 'home_outbox';

/** An operation that is not confined to one home. */
export interface Crossing {
  kind: CrossingKind;
  operation: string;
  /** For `users`: the tables of users that it wrote, and `counters` if it locked one of a user. */
  tables: string[];
}

/** The home of the owner of a counter; undefined for service accounts, which are in every data centre. */
function homeOfOwner(markedId: bigint): number | undefined {
  const peer = unmarkPeer(markedId);
  return homeDcOf(peer._ === 'peerUser' ? peer.user_id : peer._ === 'peerChat' ? peer.chat_id : peer.channel_id);
}

const countHomes = (owners: Iterable<bigint>): number => new Set([...owners].map(homeOfOwner).filter((home) => home !== undefined)).size;

/** The operations of a transaction that are not confined to one home. Pure. */
export function findCrossings({ name, locked, written, operations }: CommittedTransaction): Crossing[] {
  const changesChannel = [...locked].some(isMarkedChannel) || [...written].some((table) => ownerOfTable(table) === 'channel');
  const tables = [...written].filter((table) => ownerOfTable(table) === 'user').sort();
  if ([...locked].some((owner) => isMarkedUser(owner) && homeOfOwner(owner) !== undefined)) tables.unshift('counters');
  if (changesChannel && tables.length > 0) return [{ kind: 'users', operation: name, tables }];
  const judged = operations ?? [{ name, owners: [...locked] }];
  const crossing = judged.filter((each) => countHomes(each.owners) > 1).map((each): Crossing => ({ kind: 'homes', operation: each.name, tables: [] }));
  return written.has(TOLD_TABLE) ? [...crossing, ...judged.map((each): Crossing => ({ kind: 'told', operation: each.name, tables: [] }))] : crossing;
}

const noted = new Set<string>();

function note(directory: string, { kind, operation, tables }: Crossing): void {
  const line = `${[kind, operation, ...tables].join(' ')}\n`;
  if (noted.has(line)) return;
  noted.add(line);
  mkdirSync(directory, { recursive: true });
  appendFileSync(path.join(directory, `${process.pid}.txt`), line);
}

/** Returns a database that works as `db`, and notes the operations that are not confined to one home. Outside of a measured test run it is `db` itself. */
export function meterHomes<D extends Database>(db: D): D {
  const directory = process.env[DIRECTORY_VARIABLE];
  if (directory === undefined) return db;
  return watchTransactions(db, (committed) => {
    for (const crossing of findCrossings(committed)) note(directory, crossing);
  });
}

/** Number of data centres in which the users of tests are at home. */
const HOMES = 5;

/** The home of a new account in tests, by its phone number. Numbers that follow each other have different homes, so that what two people do concerns two homes. */
export function homeOfTestPhone(phone: string): number {
  const sum = Array.from(phone, Number).reduce((total, digit) => total + digit, 0);
  return 1 + (sum % HOMES);
}
