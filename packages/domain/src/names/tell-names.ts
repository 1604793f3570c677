import { HomeAway } from '@aerogram/cluster';
import type { TimerHandle } from '@aerogram/runtime';
import { readStreamEpoch } from '@aerogram/storage';

import { packPlain, unpackPlain } from '../effects/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { listNames } from './home-names-store.ts';
import { type NameType, NAMES_AT_ONCE, wireConflicts, wireTimeline } from './name.ts';
import { Names } from './names.ts';
import { saveToldTo } from './told-names-store.ts';

const LOOK_EVERY_MS = 60_000;

/**
 * Tells the first home all names of this home again, once for each timeline of their two databases: at first, and when one of them was restored from a backup,
 * which may lack names that the other knows.
 */
export class NameTeller implements AsyncDisposable {
  readonly #deps: DomainDeps;
  readonly #names: Names;
  readonly #timer: TimerHandle | undefined;
  #telling: Promise<void> | undefined;
  /** How far it has come, if the first home wanted no more at once. */
  #place: { timelines: string; type: NameType; after: string } | undefined;

  /** Starts the timer. */
  constructor(deps: DomainDeps) {
    this.#deps = deps;
    this.#names = new Names(deps);
    const { clock, cleansUp = () => true } = deps;
    if (this.#names.areElsewhere) this.#timer = clock.setInterval(() => cleansUp() && void this.doTell(), LOOK_EVERY_MS);
  }

  /** Tells the names, if that is due, as far as the first home takes them. The log says what goes wrong. */
  doTell(): Promise<void> {
    this.#telling ??= this.#tell()
      .catch((error: unknown) => {
        if (!(error instanceof HomeAway)) this.#deps.log.warn({ err: error }, 'the names of this data centre were not told again');
      })
      .finally(() => {
        this.#telling = undefined;
      });
    return this.#telling;
  }

  async #tell(): Promise<void> {
    const { db, homes } = this.#deps;
    if (homes === undefined || !this.#names.areElsewhere) return;
    const { timeline } = unpackPlain(wireTimeline, await homes.ask(homes.ofNames, 'names.timeline', packPlain({})));
    const timelines = `${timeline} ${await readStreamEpoch(db)}`;
    const toldTo = await db.q.selectFrom('meta').select('value').where('key', '=', 'names_told_to').executeTakeFirst();
    if (toldTo?.value === timelines) return;
    if (this.#place?.timelines !== timelines) this.#place = { timelines, type: 'phone', after: '' };
    for (const place = this.#place; ; ) {
      const named = await listNames(db, place.type, place.after, NAMES_AT_ONCE);
      if (named.length > 0 && !(await this.#tellSlice(place.type, named))) return;
      place.after = named.at(-1)?.name ?? '';
      if (named.length === NAMES_AT_ONCE) continue;
      if (place.type === 'username') break;
      Object.assign(place, { type: 'username', after: '' });
    }
    await homes.ask(homes.ofNames, 'names.told', packPlain({ timeline }));
    await db.transact('note-told-names', (tx) => saveToldTo(tx, timelines));
    this.#place = undefined;
    this.#deps.log.info({ dc: homes.ofNames }, 'the names of this data centre were told again');
  }

  /** @returns false if the first home wants no more at present */
  async #tellSlice(type: NameType, rows: readonly { name: string; peer_id: bigint }[]): Promise<boolean> {
    const { homes, log, config } = this.#deps;
    // Service accounts are in every home.
    const named = rows.filter(({ peer_id: peerId }) => this.#names.homeOf(peerId) === config.homeDcId).map(({ name, peer_id: peerId }) => ({ type, name, peerId }));
    if (named.length === 0) return true;
    const { outcome, conflicts } = unpackPlain(wireConflicts, await homes!.ask(homes!.ofNames, 'names.tell', packPlain({ named })));
    const lost = new Set(conflicts.map(({ name }) => name));
    for (const { name, peerId } of named) if (lost.has(name)) log.error({ type, peerId }, 'another data centre has given a name of somebody here: one of the two must get another');
    return outcome === 'told';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer?.cancel();
    await this.#telling;
  }
}
