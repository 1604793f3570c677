import { markPeer } from '@aerogram/cluster';
import { type Clock, TokenBuckets } from '@aerogram/runtime';
import { RpcError } from '@aerogram/errors';
import { readStreamEpoch, type Tx } from '@aerogram/storage';
import type { z } from 'zod';

import { type Effect, type FrameApplier, packPlain, unpackPlain } from '../effects/index.ts';
import { type DomainDeps, publishDecision } from '../shared/index.ts';
import { findBannedPhone } from './banned-numbers.ts';
import { confirmClaimedName, deleteNameRow, deleteNamesOf, findNamed, hasLapsed, insertNameRow, lockNameRow, updateNameRow } from './home-names-store.ts';
import { type Name, nameConfirmedKind, nameFreedKind, type NameConfirmed, type NameFreed, wireName, wireNamed, wireNames, wireTimeline, wireTold } from './name.ts';
import { Names } from './names.ts';
import { saveNamesEpoch } from './told-names-store.ts';

/** How many new names a home may have written in the tables of the first home, and how fast that many more. */
const WRITES = { capacity: 500, tokensPerSecond: 50, maxBuckets: 8 };

/** The same of names that a home looks for: address books have thousands. */
const READS = { capacity: 50_000, tokensPerSecond: 1000, maxBuckets: 8 };

/** A name and who has it. */
type Named = z.infer<typeof wireNamed>;

type Deps = Pick<DomainDeps, 'db' | 'bus' | 'log' | 'homes'> & { clock: Clock };

/** Answers the questions of other homes about names, and applies what they tell of them. */
export class NameAnswers {
  readonly #deps: Deps;
  readonly #names: Names;
  readonly #writes: TokenBuckets;
  readonly #reads: TokenBuckets;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#names = new Names(deps);
    this.#writes = new TokenBuckets(deps.clock, WRITES);
    this.#reads = new TokenBuckets(deps.clock, READS);
  }

  /** Starts to answer. */
  listen(frames: Pick<FrameApplier, 'register'>): void {
    const { homes } = this.#deps;
    if (homes === undefined) return;
    homes.onAsk('names.owner', async (body, from) => {
      if (from !== homes.ofNames) throw new Error(`data centre ${from} asked who has a name`);
      return packPlain({ peerId: await this.#ownerOf(unpackPlain(wireName, body)) });
    });
    if (this.#names.areElsewhere) return;
    homes.onAsk('names.reserve', async (body, from) => {
      const { peerId, ...name } = unpackPlain(wireNamed, body);
      return packPlain({ outcome: await this.#reserve(name, peerId, from) });
    });
    homes.onAsk('names.find', async (body, from) => {
      const { type, names } = unpackPlain(wireNames, body);
      if (this.#reads.take(String(from), names.length) > 0) throw new Error(`data centre ${from} looks for too many names`);
      const found = await findNamed(this.#deps.db, type, names, true);
      return packPlain({ found: [...found].map(([name, peerId]) => ({ name, peerId })) });
    });
    homes.onAsk('names.timeline', async () => packPlain({ timeline: await readStreamEpoch(this.#deps.db) }));
    homes.onAsk('names.tell', async (body, from) => {
      const { named } = unpackPlain(wireTold, body);
      if (named.some(({ peerId }) => this.#names.dcOf(peerId) !== from)) throw new Error(`data centre ${from} told names of another one`);
      if (this.#reads.take(String(from), named.length) > 0) return packPlain({ outcome: 'later', conflicts: [] });
      return packPlain(await this.#beTold(named, from));
    });
    homes.onAsk('names.told', async (body, from) => {
      const { timeline } = unpackPlain(wireTimeline, body);
      const epoch = await readStreamEpoch(this.#deps.db);
      // It has told them to a database that has been restored meanwhile.
      if (timeline === String(epoch)) await this.#deps.db.transact('note-home-told', (tx) => saveNamesEpoch(tx, from, epoch));
      return packPlain({});
    });
    frames.register<NameConfirmed>({
      kind: nameConfirmedKind,
      atOnce: 1,
      // Only rows of this home change, and it has them still.
      restore: 'stays lost',
      apply: async (tx, dc, effects) => {
        for (const { type, name, ...by } of effects) {
          const outcome = await this.#confirm(tx, { type, name, peerId: peerOf(by) }, dc);
          // A card that says so may have come first.
          if (outcome === 'told' && (await confirmClaimedName(tx, { type, name }, peerOf(by)))) tx.afterCommit(() => publishDecision(this.#deps.bus, { kind: 'user', userId: peerOf(by) }));
          if (outcome !== 'told') this.#deps.log.error({ dc, type, peerId: peerOf(by), outcome }, 'a name of another data centre was not written');
        }
      },
    });
    frames.register<NameFreed>({
      kind: nameFreedKind,
      atOnce: 1,
      restore: 'stays lost',
      apply: async (tx, _dc, effects) => {
        for (const { type, name, ...by } of effects) {
          if (type === undefined || name === undefined) await deleteNamesOf(tx, peerOf(by));
          else await deleteNameRow(tx, { type, name }, peerOf(by), 'any');
        }
      },
    });
  }

  /** Who has a name here. A reservation that has lapsed ends, so that nobody gets the name by it afterwards. */
  async #ownerOf(name: Name): Promise<bigint | undefined> {
    const { db, clock } = this.#deps;
    return db.transact('own-name', async (tx) => {
      const row = await lockNameRow(tx, name);
      if (row === undefined || this.#names.dcOf(row.peer_id) !== undefined) return undefined;
      if (!hasLapsed(row, clock.now())) return row.peer_id;
      await deleteNameRow(tx, name, row.peer_id, 'reservation');
      return undefined;
    });
  }

  async #reserve(name: Name, peerId: bigint, from: number): Promise<'reserved' | 'taken' | 'later' | 'banned'> {
    if (this.#names.dcOf(peerId) !== from) throw new Error(`data centre ${from} reserved a name for somebody of another one`);
    if (this.#writes.take(String(from), 1) > 0) return 'later';
    try {
      await this.#names.checkComplete(from);
      const outcome = await this.#tryReserve(name, peerId, from);
      if (outcome !== 'ask') return outcome;
      if (!(await this.#names.dropAbandoned(name))) return 'taken';
      const again = await this.#tryReserve(name, peerId, from);
      return again === 'ask' ? 'taken' : again;
    } catch (error) {
      if (error instanceof RpcError) return 'later';
      throw error;
    }
  }

  /** @returns `ask`: somebody of a third home has reserved it, and only that home knows whether they have got it */
  #tryReserve(name: Name, peerId: bigint, from: number): Promise<'reserved' | 'taken' | 'banned' | 'ask'> {
    const { db, clock } = this.#deps;
    return db.transact('reserve-for-home', async (tx) => {
      if (name.type === 'phone' && (await findBannedPhone(tx, [name.name])) !== undefined) return 'banned';
      if (await insertNameRow(tx, name, peerId, false)) return 'reserved';
      const row = await lockNameRow(tx, name);
      if (row === undefined) return 'ask';
      if (row.peer_id === peerId) return 'reserved';
      const dc = this.#names.dcOf(row.peer_id);
      if (dc !== from && dc !== undefined) return row.confirmed ? 'taken' : 'ask';
      if (dc === undefined && !hasLapsed(row, clock.now())) return 'taken';
      await updateNameRow(tx, name, peerId, false);
      return 'reserved';
    });
  }

  /** @returns `later`: too many new names come from that home; `conflict`: somebody of another home has it */
  async #confirm(tx: Tx, { peerId, ...name }: Named, dc: number): Promise<'told' | 'later' | 'conflict'> {
    let row = await lockNameRow(tx, name);
    if (row === undefined) {
      // Only after a restore of this home from a backup without the reservation.
      if (this.#writes.take(String(dc), 1) > 0) return 'later';
      if (await insertNameRow(tx, name, peerId, true)) return 'told';
      row = await lockNameRow(tx, name);
    }
    if (row === undefined) return 'later';
    const holder = this.#names.dcOf(row.peer_id);
    const isFree = holder === undefined && hasLapsed(row, this.#deps.clock.now());
    // A reservation for somebody else of the same home is newer than what that home tells.
    if (row.peer_id === peerId || isFree || (holder === dc && row.confirmed)) await updateNameRow(tx, name, peerId, true);
    else if (holder !== dc) return 'conflict';
    return 'told';
  }

  /** Takes names that a home tells again. */
  async #beTold(named: readonly Named[], dc: number): Promise<{ outcome: 'told' | 'later'; conflicts: Name[] }> {
    const { db } = this.#deps;
    const known = new Map<string, bigint>();
    for (const type of ['phone', 'username'] as const) {
      const found = await findNamed(db, type, named.filter((one) => one.type === type).map(({ name }) => name));
      for (const [name, peerId] of found) known.set(`${type} ${name}`, peerId);
    }
    const conflicts: Name[] = [];
    for (const one of named) {
      if (known.get(`${one.type} ${one.name}`) === one.peerId) continue;
      const outcome = await db.transact('be-told-name', (tx) => this.#confirm(tx, one, dc));
      if (outcome === 'later') return { outcome, conflicts };
      if (outcome === 'conflict') conflicts.push({ type: one.type, name: one.name });
    }
    return { outcome: 'told', conflicts };
  }
}

/** The marked id of the peer of an effect. */
function peerOf({ from, isChannel = false }: Pick<Effect, 'from'> & { isChannel?: boolean | undefined }): bigint {
  return isChannel ? markPeer({ _: 'peerChannel', channel_id: from }) : from;
}
