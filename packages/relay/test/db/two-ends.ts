import { createMetrics, type Endpoint, type Logger, seededRandom, silentLogger, systemClock } from '@aerogram/runtime';
import { appendHomeFramesLast, type FramePlace, insertHome, lockAppliedSeq, noteAppliedLast } from '@aerogram/storage';
import { enterNode, testDatabase, type TestDatabase } from '@aerogram/storage/testing';
import { type AppliesFrames, createHomeAuthority, type HomeIdentity, HomeLinks, type HomeLinksOptions, issueHomeCertificate, nextCertificateStart } from '../../src/index.ts';

/** Short times, so that tests need not wait. */
export const QUICK = { beatMs: 50, silentMs: 2000, retryFirstMs: 10, retryLastMs: 100, pollMs: 50, confirmMs: 200, gatherMs: 1, ackMs: 5, askMs: 500 } as const;

/** Stands in for the domain: it notes what it is given, as the real one does. */
export class StandIn implements AppliesFrames {
  /** What was applied, in order, and what was returned. */
  readonly applied: string[] = [];
  readonly returned: string[] = [];
  /** Thrown instead of applying, once each. */
  readonly failures: Error[] = [];
  /** Called before each batch. */
  before: () => Promise<void> = async () => {};
  readonly #db: TestDatabase;

  constructor(db: TestDatabase) {
    this.#db = db;
  }

  async applyFrames(first: FramePlace, frames: readonly Uint8Array[]): Promise<void> {
    await this.before();
    const failure = this.failures.shift();
    if (failure) throw failure;
    await this.#db.transact('apply', async (tx) => {
      const applied = await lockAppliedSeq(tx, first);
      if (applied + 1n !== first.seq) throw new Error(`frame ${first.seq} came after ${applied}`);
      noteAppliedLast(tx, first, frames, systemClock.now());
    });
    this.applied.push(...frames.map((frame) => Buffer.from(frame).toString()));
  }

  async restoreFrames(first: FramePlace, frames: readonly Uint8Array[]): Promise<bigint | undefined> {
    this.returned.push(...frames.map((frame) => Buffer.from(frame).toString()));
    const last = frames.findLastIndex((frame) => Buffer.from(frame).toString() !== 'forged');
    return last < 0 ? undefined : first.seq + BigInt(last);
  }
}

/** A home with a database of its own. */
export class End implements AsyncDisposable {
  readonly dc: number;
  readonly db: TestDatabase;
  readonly frames: StandIn;
  readonly options: HomeLinksOptions;
  #links: HomeLinks | undefined;

  constructor(dc: number, db: TestDatabase, options: HomeLinksOptions) {
    this.dc = dc;
    this.db = db;
    this.frames = new StandIn(db);
    this.options = options;
  }

  get links(): HomeLinks {
    return this.#links!;
  }

  /** Starts the links; at the port where they were before, if any. */
  async start(change: Partial<HomeLinksOptions> = {}): Promise<Endpoint> {
    const { rows } = await this.db.q.selectFrom('homes').select('link_port').where('is_own', '=', true).execute().then((found) => ({ rows: found }));
    this.#links = await HomeLinks.open({ ...this.options, listen: { host: '127.0.0.1', port: rows[0]!.link_port }, ...change });
    await this.#links.start(this.frames);
    const address = this.#links.address!;
    await this.db.q.updateTable('homes').set({ link_port: address.port }).where('is_own', '=', true).execute();
    return address;
  }

  async stop(): Promise<void> {
    await this.#links?.[Symbol.asyncDispose]();
    this.#links = undefined;
  }

  /** Writes frames for another home. */
  async write(dc: number, ...texts: readonly string[]): Promise<void> {
    await this.db.transact('write', async (tx) => appendHomeFramesLast(tx, dc, texts.map((text) => Buffer.from(text)), systemClock.now()));
    this.#links?.framesWritten(dc);
  }

  /** Says where another home listens. */
  async learn({ dc, links }: End): Promise<void> {
    await this.db.q.updateTable('homes').set({ link_port: links.address!.port }).where('dc', '=', dc).execute();
    await this.#links!.refresh();
  }

  /** As `aerogram restore` does: the frames are numbered anew. */
  async beginEpoch(): Promise<void> {
    await this.db.q.updateTable('meta').set(({ eb }) => ({ value: eb.val(String(Date.now() * 1000)) })).where('key', '=', 'stream_epoch').execute();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.db[Symbol.asyncDispose]();
  }
}

/** What makes identities of homes that know each other. @returns of such an identity; by default its certificate is as if it were made now */
export function identityMaker(): (dc: number, start?: number) => HomeIdentity {
  const authority = createHomeAuthority();
  return (dc, start = nextCertificateStart(systemClock.now())) => ({ dc, authority: authority.cert, ...issueHomeCertificate(authority, dc, start) });
}

/** Who homes are that know each other. */
export function identities(...dcs: readonly number[]): HomeIdentity[] {
  const identityOf = identityMaker();
  return dcs.map((dc) => identityOf(dc));
}

/** Creates a home; its links do not run yet. */
export async function createEnd(identity: HomeIdentity, dcs: readonly number[], log: Logger = silentLogger): Promise<End> {
  const db = await testDatabase();
  await db.transact('homes', async (tx) => {
    for (const dc of dcs) {
      await insertHome(tx, {
        dc, is_own: dc === identity.dc, of_names: dc === 1, state: 'joined', link_host: '127.0.0.1', link_port: 0, link_nodes: [], client_host: '127.0.0.1', client_port: 0, web_address: '',
      });
    }
  });
  return new End(identity.dc, db, {
    identity, db, clock: systemClock, random: seededRandom(identity.dc), log, metrics: createMetrics(), mayDial: () => true, waiting: { linkFramesMax: 1000, linkBytesMax: 1_000_000, linkKeptBytesMax: 1_000_000 }, limits: QUICK,
    holder: await enterNode(db, `node-${identity.dc}`),
  });
}

/** Two homes whose links run. */
export interface TwoEnds extends AsyncDisposable {
  one: End;
  two: End;
}

export async function createTwoEnds(log?: Logger): Promise<TwoEnds> {
  const [first, second] = identities(1, 2);
  const [one, two] = [await createEnd(first!, [1, 2], log), await createEnd(second!, [1, 2], log)];
  await one.start();
  await two.start();
  await one.learn(two);
  await two.learn(one);
  return {
    one,
    two,
    async [Symbol.asyncDispose]() {
      await one[Symbol.asyncDispose]();
      await two[Symbol.asyncDispose]();
    },
  };
}
