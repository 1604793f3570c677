import type { MasterKeys } from '@aerogram/blob';
import type { ServedParts } from '@aerogram/node';
import type { Clock, Config, Logger, Random } from '@aerogram/runtime';

import type { BotCallLog } from './bot-call-log.ts';
import type { KitClock } from './kit-clock.ts';
import type { TestNumbers } from './people/test-numbers.ts';

/** What people and bots of tests are made with, and act through. */
export interface KitParts extends ServedParts {
  readonly config: Config;
  readonly random: Random;
  readonly log: Logger;
  /** The clock of everything but the sessions of clients. */
  readonly clock: KitClock;
  /** The clock of the machine, for waits that a test that moves the time must not end. */
  readonly realClock: Clock;
  /** What bots have called, and which of their calls go wrong on purpose. */
  readonly botCalls: BotCallLog;
  /** Seal the tokens of bots. */
  readonly keys: Pick<MasterKeys, 'wrap'>;
  /** Phone numbers for people. */
  readonly numbers: TestNumbers;
}
