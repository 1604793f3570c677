import { dcOfPeer, HomeAway, type HomeAnswerer, type HomeListener, type OtherHomes } from '@aerogram/cluster';
import { seededRandom } from '@aerogram/runtime';

import { createFrameSeals, type Effect, packPlain, SEAL_BYTES } from '../../src/effects/index.ts';
import { loadSecretKeys } from '../../src/peers/index.ts';
import { createKeyedMac } from '../../src/shared/index.ts';
import { createWorld, type World, type WorldOptions } from './accounts-world.ts';

/** The other homes of one world, without a network: questions and hints are calls, and frames travel when a test says so. */
class UnlinkedHomes implements OtherHomes {
  readonly own: number;
  others: readonly number[];
  #known: readonly number[];
  readonly ofNames = 1;
  readonly answerers = new Map<string, HomeAnswerer>();
  readonly listeners = new Map<string, HomeListener>();
  readonly #peers: ReadonlyMap<number, UnlinkedHomes>;
  /** Nothing gets through to the others, or from them. */
  isCut = false;
  full = false;
  behind = false;
  /** The others get its questions and do what they ask, but their answers are lost. */
  losesAnswers = false;

  constructor(own: number, peers: ReadonlyMap<number, UnlinkedHomes>) {
    this.own = own;
    this.others = [1, 2].filter((dc) => dc !== own);
    this.#known = this.others;
    this.#peers = peers;
  }

  /** There is a third data centre, which is always away. */
  addThird(): void {
    this.#known = [...this.#known, 3];
  }

  dcOf(peerId: bigint): number | undefined {
    return dcOfPeer(peerId, this.#known);
  }

  isFull(): boolean {
    return this.full;
  }

  isBehind(): boolean {
    return this.behind;
  }

  framesWritten(): void {
    // They travel when the test calls `carry`.
  }

  async ask(dc: number, name: string, body: Uint8Array): Promise<Uint8Array> {
    const answer = this.#reach(dc)?.answerers.get(name);
    if (answer === undefined) throw new HomeAway(dc);
    const answered = await answer(body, this.own);
    if (this.losesAnswers) throw new HomeAway(dc);
    return answered;
  }

  onAsk(name: string, answer: HomeAnswerer): void {
    this.answerers.set(name, answer);
  }

  hint(dc: number, name: string, body: Uint8Array): void {
    this.#reach(dc)?.listeners.get(name)?.(body, this.own);
  }

  onHint(name: string, listener: HomeListener): void {
    this.listeners.set(name, listener);
  }

  #reach(dc: number): UnlinkedHomes | undefined {
    const peer = this.#peers.get(dc);
    return this.isCut || peer?.isCut === true ? undefined : peer;
  }
}

/** Two data centres, each a domain on a database of its own. */
export interface TwoHomes extends AsyncDisposable {
  one: World;
  two: World;
  /** Cuts the link, or mends it. */
  setCut(isCut: boolean): void;
  /** What a home sees of the other one. */
  of(dc: 1 | 2): OtherHomes;
  /** Asks the other home as this one, with any body. */
  askAs(dc: 1 | 2, name: string, body: unknown): Promise<Uint8Array>;
  /** Writes effects as frames of a home for the other one, as if its people had done that. */
  seal(dc: 1 | 2, ...effects: readonly Effect[]): Promise<Uint8Array[]>;
  /** Has the answers lost that the homes give each other, or not. */
  loseAnswers(areLost: boolean): void;
  /** Lets a home answer questions of one name so: as a home does that somebody has taken over. */
  answer(dc: 1 | 2, name: string, answer: HomeAnswerer): void;
  /** Has something happen once, when a home answers a question of one name: before it knows the answer, or while the answer is under way. */
  during(dc: 1 | 2, name: string, moment: 'question' | 'answer', act: () => Promise<unknown>): void;
  /** Makes the stream from a home look full. */
  setFull(dc: 1 | 2, isFull: boolean): void;
  /** Has both know of a third data centre, which is always away. */
  addThird(): void;
  /** Ends the membership of the other home, as a home sees it. */
  removeOther(dc: 1 | 2): void;
  /** Makes the stream from a home look as if much waited in it already. */
  setBehind(dc: 1 | 2, isBehind: boolean): void;
  /** Carries all frames that wait, in both directions, until none wait; a test may do it twice, as a link does that has lost an acknowledgement. */
  carry(): Promise<void>;
}

/** Creates two homes. Numbers that sign up at one of them are at home there. */
export async function createTwoHomes(options: WorldOptions = {}): Promise<TwoHomes> {
  const peers = new Map<number, UnlinkedHomes>();
  for (const dc of [1, 2]) peers.set(dc, new UnlinkedHomes(dc, peers));
  const make = (dc: number): Promise<World> => createWorld({ homeDcId: dc, dcIds: [dc] }, { ...options, homes: peers.get(dc)!, seed: `home ${dc}` });
  const [one, two] = [await make(1), await make(2)];
  /** @returns how many frames were carried */
  const carryFrom = async (dc: number, from: World, to: World): Promise<number> => {
    const applied = await to.db.q.selectFrom('home_applied').selectAll().where('dc', '=', dc).execute();
    const waiting = await from.db.q.selectFrom('home_outbox').selectAll().where('dc', '=', 3 - dc).orderBy('epoch').orderBy('seq').execute();
    const due = waiting.filter((row) => row.seq > (applied.find(({ epoch }) => epoch === row.epoch)?.applied_seq ?? 0n));
    for (const epoch of new Set(due.map((row) => row.epoch))) {
      const rows = due.filter((row) => row.epoch === epoch);
      await to.domain.frames.applyFrames({ dc, epoch, seq: rows[0]!.seq }, rows.map((row) => row.frame));
    }
    return due.length;
  };
  return {
    one,
    two,
    setCut(isCut) {
      peers.get(1)!.isCut = isCut;
    },
    of: (dc) => peers.get(dc)!,
    askAs: (dc, name, body) => peers.get(dc)!.ask(3 - dc, name, packPlain(body)),
    async seal(dc, ...effects) {
      const seals = createFrameSeals(createKeyedMac(await loadSecretKeys({ ...(dc === 1 ? one : two), random: seededRandom('seals') }, 'sent_message'), SEAL_BYTES));
      const { db, clock } = dc === 1 ? one : two;
      // As if it had been restored just now, and had lost them.
      const value = String(clock.now());
      await db.q.insertInto('meta').values({ key: 'stream_epoch_date', value }).onConflict((oc) => oc.column('key').doUpdateSet({ value })).execute();
      return effects.map((effect) => seals.seal(3 - dc, effect, clock.now()));
    },
    loseAnswers(areLost) {
      for (const peer of peers.values()) peer.losesAnswers = areLost;
    },
    answer(dc, name, answer) {
      peers.get(dc)!.answerers.set(name, answer);
    },
    during(dc, name, moment, act) {
      const { answerers } = peers.get(dc)!;
      const answerer = answerers.get(name)!;
      answerers.set(name, async (body, from) => {
        answerers.set(name, answerer);
        if (moment === 'question') await act();
        const answered = await answerer(body, from);
        if (moment === 'answer') await act();
        return answered;
      });
    },
    setFull(dc, isFull) {
      peers.get(dc)!.full = isFull;
    },
    addThird() {
      for (const homes of peers.values()) homes.addThird();
    },
    removeOther(dc) {
      peers.get(dc)!.others = [];
    },
    setBehind(dc, isBehind) {
      peers.get(dc)!.behind = isBehind;
    },
    async carry() {
      while ((await carryFrom(1, one, two)) + (await carryFrom(2, two, one)) > 0);
    },
    async [Symbol.asyncDispose]() {
      await one[Symbol.asyncDispose]();
      await two[Symbol.asyncDispose]();
    },
  };
}
