import { rpcError } from '@aerogram/errors';
import { type Operation, RunAgain, type Tx } from '@aerogram/storage';

import type { FrameSeals } from '../effects/index.ts';
import { type DomainDeps, publishDecision } from '../shared/index.ts';
import { Boxes, type InsertArrivals } from './box-store.ts';
import type { CardTeller } from './card-teller.ts';

/** A transaction and the boxes that are open in it. */
export interface OpenBoxes {
  tx: Tx;
  boxes: Boxes;
  /** Read after the boxes were locked, in unix seconds. */
  date: number;
}

/** Finds the owners of a change that is given by message ids only, where the boxes to lock depend on the messages. */
export interface FoundOwners<R> {
  /** Reads the rows that the change concerns. Called once before the boxes are locked and again under the locks. */
  find(tx: Tx): Promise<R>;
  ownersOf(found: R): Iterable<bigint>;
  /**
   * Owners under whose locks the other owners stay the same, with lower ids than the others. If the read has been overtaken by other changes, it is
   * repeated under these locks, so that a change among many always comes through.
   */
  gates?: readonly bigint[];
  /** The operations that the change consists of, if messages of private chats and of groups may be among them; see `Database.transact`. */
  operationsOf?(found: R): Iterable<Operation>;
}

/**
 * The only way to write message boxes: it opens them, writes the added events and publishes the hints after the commit, so that no change
 * can forget one of these steps.
 */
export interface BoxWriter {
  /**
   * Runs a transaction that writes the boxes of these owners. Their counters are locked before `change` runs.
   * @throws RpcError PEER_ID_INVALID if one of them lives in another data centre: `Boxes.tell` is for what an operation does to them
   * @param change gets the date in unix seconds, taken after the locks, so that dates never go back within a box
   */
  writeBoxes<T>(name: string, owners: Iterable<bigint>, change: (tx: Tx, boxes: Boxes, date: number) => Promise<T>): Promise<T>;
  /**
   * Runs a transaction that writes the boxes of owners who are found by a read first. If the read under the locks finds an owner whose box
   * is not open, the transaction runs again.
   * @param change also gets what `find` read under the locks
   */
  writeFoundBoxes<R, T>(name: string, owners: FoundOwners<R>, change: (tx: Tx, boxes: Boxes, date: number, found: R) => Promise<T>): Promise<T>;
  /**
   * Opens the boxes of these owners inside a transaction; allowed once per transaction. The events are written when `change` ends.
   * @param behindLocks starts reads that are sent right after the lock statement in the same round trip; `change` gets their result
   */
  withBoxes<T>(tx: Tx, owners: Iterable<bigint>, change: (boxes: Boxes, date: number) => Promise<T>): Promise<T>;
  withBoxes<T, R>(tx: Tx, owners: Iterable<bigint>, change: (boxes: Boxes, date: number, read: R) => Promise<T>, behindLocks: () => Promise<R>): Promise<T>;
}

/** Creates the box writer. */
export function createBoxWriter(deps: Pick<DomainDeps, 'db' | 'bus' | 'clock' | 'homes'> & { insertArrivals: InsertArrivals; frameSeals?: Pick<FrameSeals, 'seal'> | undefined }): BoxWriter {
  const { db, bus, clock, homes, frameSeals, insertArrivals } = deps;
  const opened = new WeakSet<Tx>();

  const withBoxes = async <T, R>(
    tx: Tx,
    owners: Iterable<bigint>,
    change: (boxes: Boxes, date: number, read: R) => Promise<T>,
    behindLocks?: () => Promise<R>,
  ): Promise<T> => {
    if (opened.has(tx)) throw new Error('a transaction opens boxes only once: lock all of them in one call');
    opened.add(tx);
    const wanted = [...owners];
    // An operation that tells the other home by effects leaves the people there out. All others are not possible with them.
    if (homes !== undefined && wanted.some((owner) => homes.dcOf(owner) !== undefined)) throw rpcError('PEER_ID_INVALID');
    const locking = tx.lockCounters(wanted);
    // Without `behindLocks` the overload of `change` has no third parameter, so this cast is safe.
    const [counters, read] = await Promise.all([locking, behindLocks?.() as Promise<R>]);
    const boxes = new Boxes(tx, counters, { homes, frameSeals });
    const date = clock.now();
    const result = await change(boxes, date, read);
    boxes.flush(insertArrivals, date);
    // Runs after the callbacks that `change` registered: caches drop their old entries before anything is projected from them.
    tx.afterCommit(() => {
      const isSettled = boxes.bereft.size === 0 ? undefined : publishDecision(bus, { kind: 'deleted', ownerIds: [...boxes.bereft] });
      boxes.publish(bus, clock.nowMs());
      return isSettled;
    });
    return result;
  };

  return {
    withBoxes,
    writeBoxes: (name, owners, change) => db.transact(name, (tx) => withBoxes(tx, owners, (boxes, date) => change(tx, boxes, date))),
    writeFoundBoxes<R, T>(name: string, { find, ownersOf, gates = [], operationsOf }: FoundOwners<R>, change: (tx: Tx, boxes: Boxes, date: number, found: R) => Promise<T>): Promise<T> {
      let attempts = 0;
      let changed: R | undefined;
      const run = async (tx: Tx): Promise<T> => {
        attempts++;
        if (attempts > 1 && gates.length > 0) await tx.lockCounters(gates);
        const owners = new Set(ownersOf(await find(tx)));
        return withBoxes(tx, owners, async (boxes, date) => {
          const found = await find(tx);
          for (const owner of ownersOf(found)) if (!boxes.has(owner)) throw new RunAgain();
          changed = found;
          return change(tx, boxes, date, found);
        });
      };
      return db.transact(name, run, operationsOf && (() => operationsOf(changed!)));
    },
  };
}

/** The dependencies of every part of the domain that writes message boxes. */
export interface SubjectDeps extends DomainDeps, BoxWriter {
  /** Tells other data centres of people; absent where there are no others. */
  cardTeller?: CardTeller | undefined;
}
