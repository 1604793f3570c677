import { setTimeout as delay } from 'node:timers/promises';
import { doChangeHome, doInitHome, doIssueTicket, doJoinHomes, type ServedParts } from '@aerogram/node';
import { silentLogger, systemClock } from '@aerogram/runtime';
import { listLinks } from '@aerogram/storage';
import { startTestServer, type TestServer, type TestServerOptions } from './test-server.ts';

const DCS = [1, 2] as const;
const WITHIN_MS = 30_000;
const LOOK_MS = 20;

/** Two data centres of one cluster in this process, each with a database and a data directory of its own, and the link between them on loopback. */
export interface TestHomes extends AsyncDisposable {
  /** DC 1, which decides who has a name. */
  one: TestServer;
  /** DC 2. */
  two: TestServer;
  /** Cuts the link, as `aerogram dc pause` does; resolves when nothing gets through. */
  cut(): Promise<void>;
  /** Mends the link; resolves when it stands in both directions. */
  mend(): Promise<void>;
  /** Resolves when nothing waits for either of them. */
  settled(): Promise<void>;
}

/**
 * Starts two data centres. Disposing stops both and deletes their data.
 * @param options of both, or by data centre
 */
export async function startTestHomes(options: TestServerOptions | ((dc: 1 | 2) => TestServerOptions) = {}): Promise<TestHomes> {
  const parts: ServedParts[] = [];
  const servers: TestServer[] = [];
  const optionsOf = (dc: 1 | 2): TestServerOptions => {
    const given = typeof options === 'function' ? options(dc) : options;
    return { ...given, kit: { ...given.kit, onServing: (served) => (parts.push(served), given.kit?.onServing?.(served)) } };
  };
  const lookNow = async (): Promise<void> => {
    // The first may have been under way before the change. Parts of servers that were stopped do nothing.
    for (let i = 0; i < 2; i++) await Promise.all(parts.map(({ homes }) => homes!.refresh()));
  };
  const end = async (): Promise<void> => {
    for (const server of servers.splice(0).toReversed()) await server[Symbol.asyncDispose]();
  };
  /** Waits until the links are as wanted, as both databases say. */
  const until = async (what: string, isSo: (link: { state: string; waiting: number }) => boolean): Promise<void> => {
    const deadline = performance.now() + WITHIN_MS;
    for (;;) {
      const found = (await Promise.all(servers.map(({ db }) => listLinks(db)))).flat();
      if (found.length === DCS.length && found.every(isSo)) return;
      if (performance.now() > deadline) throw new Error(`the links are not ${what}: ${JSON.stringify(found)}`);
      await delay(LOOK_MS);
    }
  };
  try {
    servers.push(await startTestServer({
      ...optionsOf(1),
      joinHomes: async ({ db, dataDir }) => void (await doInitHome({ db, dataDir, clock: systemClock, log: silentLogger }, { dc: 1, fallback: 1 })),
    }));
    const [one] = servers as [TestServer];
    const ticket = await doIssueTicket({ db: one.db, dataDir: one.dataDir, clock: systemClock }, 2);
    servers.push(await startTestServer({ ...optionsOf(2), joinHomes: async ({ db, dataDir }) => void (await doJoinHomes({ db, dataDir, clock: systemClock }, ticket)) }));
    await until('up', ({ state }) => state === 'up');
    return {
      one,
      two: servers[1]!,
      async cut() {
        await doChangeHome({ db: one.db, clock: systemClock }, 2, 'pause');
        await lookNow();
        await until('cut', ({ state }) => state !== 'up');
      },
      async mend() {
        await doChangeHome({ db: one.db, clock: systemClock }, 2, 'resume');
        await lookNow();
        await until('up', ({ state }) => state === 'up');
      },
      settled: () => until('empty', ({ waiting }) => waiting === 0),
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}
