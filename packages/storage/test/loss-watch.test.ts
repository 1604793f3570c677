import { expect, test } from 'vitest';
import { LossWatch } from '../src/nodes/loss-watch.ts';
import type { NodeRow } from '../src/nodes/node-store.ts';

/** A watcher that reads the row of one other node every half second. */
class Watching {
  readonly #watch = new LossWatch('self', 3_500);
  databaseMs = 1_000_000;
  untilMs = this.databaseMs;
  nowMs = 0;

  /** Reads `count` times. @returns whether the other was found to be lost */
  read(count: number): boolean {
    let isLost = false;
    for (let n = 0; n < count; n++) {
      const rows = ['self', 'other'].map((name) => ({ name, token: 1n, until_ms: BigInt(this.untilMs) }) as NodeRow);
      isLost = this.#watch.look({ databaseMs: this.databaseMs, nodes: rows }, this.nowMs).length > 0;
      this.databaseMs += 500;
      this.nowMs += 500;
    }
    return isLost;
  }

  fail(): void {
    this.#watch.reset();
  }
}

test('a node is lost when its lease has run out by the clock of the database, and was not renewed for as long by that of the watcher', () => {
  const watching = new Watching();
  expect([watching.read(7), watching.read(1)]).toEqual([false, true]);
});

test('a lease that was renewed is watched anew', () => {
  const watching = new Watching();
  watching.read(7);
  watching.untilMs += 1;
  expect([watching.read(7), watching.read(1)]).toEqual([false, true]);
});

test('after a renewal that did not come back everybody has time to renew, also when the database was away for long', () => {
  const watching = new Watching();
  watching.read(7);
  watching.fail();
  watching.nowMs += 60_000;
  watching.databaseMs += 60_000;
  expect([watching.read(7), watching.read(1)]).toEqual([false, true]);
});

test('a watcher that stood still itself first sees more renewals', () => {
  const watching = new Watching();
  watching.read(1);
  watching.nowMs += 60_000;
  watching.databaseMs += 60_000;
  expect([watching.read(4), watching.read(1)]).toEqual([false, true]);
});

test("a lease that is valid by the database's clock, which was set back, is lost after twelve seconds without a renewal", () => {
  const watching = new Watching();
  watching.untilMs += 3_600_000;
  expect([watching.read(24), watching.read(1)]).toEqual([false, true]);
});
