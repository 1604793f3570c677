import type { Bus } from '@aerogram/bus';
import type { Clock } from '@aerogram/runtime';
import { type Database, RunAgain, type Tx } from '@aerogram/storage';

import type { DomainDeps } from '../shared/index.ts';
import { Boxes, type InsertArrivals } from './box-store.ts';

/** How the owners of a change are found that names messages only: the boxes to lock depend on what the messages are. */
export interface FoundOwners<R> {
  /** Reads what the change is about; called before the boxes are locked and again under the locks. */
  find(tx: Tx): Promise<R>;
  ownersOf(found: R): Iterable<bigint>;
}

/**
 * The only way to write message boxes: opens them, writes the events that were added, and publishes the hints after the commit, so that no
 * change can forget one of the three.
 */
export interface BoxWriter {
  /**
   * Runs a transaction that writes the boxes of these owners. Their counters are locked before `change` runs.
   * @param change gets the date as of the locks, in seconds, so that dates never go back within a box
   */
  writeBoxes<T>(name: string, owners: Iterable<bigint>, change: (tx: Tx, boxes: Boxes, date: number) => Promise<T>): Promise<T>;
  /**
   * Runs a transaction that writes the boxes of owners which must be read first. If the reading under the locks leads to a box that is not
   * open, the transaction runs again.
   * @param change also gets what `find` read under the locks
   */
  writeFoundBoxes<R, T>(name: string, owners: FoundOwners<R>, change: (tx: Tx, boxes: Boxes, date: number, found: R) => Promise<T>): Promise<T>;
  /**
   * Opens the boxes of these owners inside a transaction; once a transaction. The events are written when `change` ends.
   * @param behindLocks sends reads right behind the lock statement, so that one round trip serves both; `change` gets what they answer
   */
  withBoxes<T>(tx: Tx, owners: Iterable<bigint>, change: (boxes: Boxes, date: number) => Promise<T>): Promise<T>;
  withBoxes<T, R>(tx: Tx, owners: Iterable<bigint>, change: (boxes: Boxes, date: number, read: R) => Promise<T>, behindLocks: () => Promise<R>): Promise<T>;
}

/** Makes the writer of boxes. */
export function createBoxWriter(deps: { db: Database; bus: Bus; clock: Clock; insertArrivals: InsertArrivals }): BoxWriter {
  const { db, bus, clock, insertArrivals } = deps;
  const opened = new WeakSet<Tx>();

  const withBoxes = async <T, R>(
    tx: Tx,
    owners: Iterable<bigint>,
    change: (boxes: Boxes, date: number, read: R) => Promise<T>,
    behindLocks?: () => Promise<R>,
  ): Promise<T> => {
    if (opened.has(tx)) throw new Error('a transaction opens boxes only once: lock all of them in one call');
    opened.add(tx);
    const locking = tx.lockCounters(owners);
    // Without such reads `change` takes no third parameter.
    const [counters, read] = await Promise.all([locking, behindLocks?.() as Promise<R>]);
    const boxes = new Boxes(tx, counters);
    const result = await change(boxes, clock.now(), read);
    boxes.flush(insertArrivals);
    // Behind the callbacks of `change`: caches forget what was before anything is projected from them.
    tx.afterCommit(() => boxes.publish(bus));
    return result;
  };

  return {
    withBoxes,
    writeBoxes: (name, owners, change) => db.transact(name, (tx) => withBoxes(tx, owners, (boxes, date) => change(tx, boxes, date))),
    writeFoundBoxes: (name, { find, ownersOf }, change) =>
      db.transact(name, async (tx) => {
        const owners = new Set(ownersOf(await find(tx)));
        return withBoxes(tx, owners, async (boxes, date) => {
          const found = await find(tx);
          for (const owner of ownersOf(found)) if (!boxes.has(owner)) throw new RunAgain();
          return change(tx, boxes, date, found);
        });
      }),
  };
}

/** What the subjects that write message boxes are built from. */
export interface SubjectDeps extends DomainDeps, BoxWriter {}
