import type { ServerFile } from '@aerogram/runtime';

import type { BotCallLog } from './bot-call-log.ts';
import type { KitParts } from './kit-parts.ts';
import type { TestSets } from './test-sets.ts';

/** A server for tests, with what tests may do to it. */
export interface Kit extends KitParts {
  /** What bots have called, and which of their calls go wrong on purpose. */
  readonly botCalls: BotCallLog;
  readonly sets: TestSets;
  /** Addresses and keys, once clients can connect. */
  server(): ServerFile;
}
