import type { Clock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import { type DeviceNotice, doSettleNotices, type PutOff } from './notice-store.ts';

/** How long notices are gathered that one transaction settles, in milliseconds. */
const GATHER_MS = 10;

interface Gathered {
  dropped: DeviceNotice[];
  putOff: PutOff[];
}

/** Writes what has become of notices, those of a moment together. */
export class NoticeSettler {
  readonly #db: Database;
  readonly #clock: Pick<Clock, 'setTimeout'>;
  #gathered: Gathered = { dropped: [], putOff: [] };
  #written: Promise<void> | undefined;

  constructor({ db, clock }: { db: Database; clock: Pick<Clock, 'setTimeout'> }) {
    this.#db = db;
    this.#clock = clock;
  }

  /** Forgets a notice. Resolves when that is committed. */
  drop(notice: DeviceNotice): Promise<void> {
    this.#gathered.dropped.push(notice);
    return this.#write();
  }

  /** Has a notice tried again later. Resolves when that is committed. */
  putOff(putOff: PutOff): Promise<void> {
    this.#gathered.putOff.push(putOff);
    return this.#write();
  }

  #write(): Promise<void> {
    return (this.#written ??= new Promise<void>((resolve) => void this.#clock.setTimeout(resolve, GATHER_MS)).then(() => {
      const gathered = this.#gathered;
      this.#gathered = { dropped: [], putOff: [] };
      this.#written = undefined;
      return this.#db.transact('settle-notices', (tx) => doSettleNotices(tx, gathered));
    }));
  }
}
