import type { ServerFile } from '@aerogram/runtime';

import type { BotCallLog } from './bot-call-log.ts';
import type { KitParts } from './kit-parts.ts';
import type { TestSets } from './test-sets.ts';
import type { WebLinks } from './web-links.ts';

/** A server for tests, with what tests may do to it. */
export interface Kit extends KitParts {
  /** What bots have called, and which of their calls go wrong on purpose. */
  readonly botCalls: BotCallLog;
  readonly sets: TestSets;
  /** Links that open the web client logged in as a person. */
  readonly webLinks: WebLinks;
  /** Addresses and keys, once clients can connect. */
  server(): ServerFile;
}
