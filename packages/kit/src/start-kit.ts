import { MasterKeys } from '@aerogram/blob';
import { masterKeySource, type ServedParts, startNode } from '@aerogram/node';
import { loadConfig, type Logger, systemClock, systemRandom } from '@aerogram/runtime';

import { createBotCallLog } from './bot-call-log.ts';
import type { Kit } from './kit.ts';
import { createKitClock } from './kit-clock.ts';
import type { KitParts } from './kit-parts.ts';
import { TestNumbers } from './people/test-numbers.ts';
import { TestSets } from './test-sets.ts';
import { WebLinks } from './web-links.ts';

/** Commits need not be on the disk before they are answered: nobody wants the data of a test back after a power cut. What is there stays consistent. */
const DATABASE_SETTINGS = { synchronous_commit: 'off' };

/** How a server for tests is started. */
export interface StartKitOptions {
  /** Where everything is kept, the database too. */
  dataDir: string;
  /** Whether the limits of an ordinary server hold. */
  hasLimits?: boolean;
  /** More settings, as environment variables. */
  env?: Readonly<Record<string, string>>;
  /** Folder of the web client; by default what the build has made. */
  webFolder?: string;
  log: Logger;
}

/** A server for tests that runs. */
export interface RunningKit {
  readonly kit: Kit;
  /** Resolves with the reason when the server has stopped by itself. */
  readonly failed: Promise<Error>;
  stop(): Promise<void>;
}

/**
 * Starts a server for tests in this process: on free ports of the loopback address, with a clock that can be moved.
 * @throws the error of the part that cannot start
 */
export async function startKit({ dataDir, hasLimits = false, env = {}, webFolder, log }: StartKitOptions): Promise<RunningKit> {
  const config = loadConfig(['--data-dir', dataDir, '--port', '0', '--http-port', '0', '--host', '127.0.0.1'], {
    AEROGRAM_TEST_MODE: '1',
    // Space for the day on which the disk is full; every cloud would have to copy it.
    AEROGRAM_BALLAST_BYTES: '0',
    // What a test writes must not make the cloud ask other machines.
    AEROGRAM_LINK_PREVIEWS: '0',
    AEROGRAM_FILES_BY_URL: '0',
    // Several run beside each other.
    AEROGRAM_CALLS_PORT: '0',
    AEROGRAM_CALLS_RELAY_PORTS: '0',
    ...env,
  });
  const clock = createKitClock();
  const botCalls = createBotCallLog({ clock });
  const webLinks = new WebLinks({ random: systemRandom, clock: systemClock });
  let parts: ServedParts | undefined;
  let sets: TestSets | undefined;
  const node = await startNode(config, {
    clock,
    sessionClock: systemClock,
    log,
    webFolder,
    botCalls,
    webTokens: webLinks,
    hasLimits: (userId) => sets?.setOf(userId)?.hasLimits ?? hasLimits,
    databaseSettings: DATABASE_SETTINGS,
    onServing: (served) => void (parts = served),
  });
  try {
    const keys = await MasterKeys.open(masterKeySource(config, systemRandom), systemRandom);
    const made: KitParts = { ...parts!, botCalls, config, random: systemRandom, log, clock, realClock: systemClock, keys, numbers: new TestNumbers(systemRandom.uint31()) };
    if (made.jobs !== undefined) clock.follow(made.jobs);
    const ownSets = new TestSets(made, { hasLimits });
    sets = ownSets;
    const kit: Kit = { ...made, sets: ownSets, webLinks, server: node.server };
    const stop = async (): Promise<void> => {
      botCalls[Symbol.dispose]();
      await ownSets[Symbol.asyncDispose]();
      await node.stop();
    };
    return { kit, failed: node.failed, stop };
  } catch (error) {
    await node.stop();
    throw error;
  }
}
