import type { OtherHomes } from '@aerogram/cluster';
import type { TimerHandle } from '@aerogram/runtime';

import { type CardSender, listLater, lockPeople, takeLater, type ToldLater } from '../cards/index.ts';
import { tellLast } from '../effects/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { tellRelations } from './relation-effects.ts';

const LOOK_EVERY_MS = 5000;
/** About how many people a data centre is told before its stream is looked at again. */
const PEOPLE_AT_ONCE = 50;
/** How many people of a data centre are told about one person in a transaction. */
const OTHERS_AT_ONCE = 500;

type Deps = Pick<DomainDeps, 'db' | 'clock' | 'log' | 'cleansUp'> & { homes: OtherHomes; cardSender: CardSender };

/** Tells other data centres, as soon as they are not behind any more, what was put off (`CardTeller`): how things are then, once. */
export class LaterTeller implements AsyncDisposable {
  readonly #deps: Deps;
  readonly #timer: TimerHandle;
  readonly #end = new AbortController();
  #telling: Promise<void> | undefined;

  /** Starts the timer. */
  constructor(deps: Deps) {
    this.#deps = deps;
    const { clock, cleansUp = () => true } = deps;
    this.#timer = clock.setInterval(() => cleansUp() && void this.doTell(), LOOK_EVERY_MS);
  }

  /** Tells what was put off, as far as the streams have room for it. The log says what goes wrong. */
  doTell(): Promise<void> {
    this.#telling ??= this.#tell()
      .catch((error: unknown) => this.#deps.log.warn({ err: error }, 'could not tell other data centres what was put off'))
      .finally(() => {
        this.#telling = undefined;
      });
    return this.#telling;
  }

  async #tell(): Promise<void> {
    const { db, homes } = this.#deps;
    for (const dc of homes.others) {
      while (!homes.isBehind(dc) && !this.#end.signal.aborted) {
        const due = await listLater(db, dc, PEOPLE_AT_ONCE);
        for (const later of due) if (!homes.isBehind(dc)) await this.#tellOf(later);
        if (due.length < PEOPLE_AT_ONCE) break;
      }
    }
  }

  async #tellOf(later: ToldLater): Promise<void> {
    const { db, homes, cardSender, clock } = this.#deps;
    const { dc, person_id: personId } = later;
    await db.transact('tell-later', async (tx) => {
      // Whoever changes something of the person holds this lock while that is noted.
      await lockPeople(tx, [personId]);
      const otherIds = await takeLater(tx, later, OTHERS_AT_ONCE);
      if (otherIds === undefined) return;
      const told = tellLast(tx, homes, clock.now());
      await cardSender.tellTo(tx, { personId, viewerIds: otherIds, dcs: [dc] }, told);
      await tellRelations(tx, { dc, told }, personId, otherIds);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer.cancel();
    this.#end.abort();
    await this.#telling;
  }
}
