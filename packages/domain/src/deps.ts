import type { Bus } from '@aerogram/bus';
import type { Clock, Logger, Metrics, Random } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

/** What the domain must know of the configuration; `packages/node` fills it from the declared settings. */
export interface DomainSettings {
  /** Home DC of users made here (PROTOCOL-RULES 9). */
  dcId: number;
  /** DC ids that this server plays. */
  dcIds: readonly number[];
  /** Numbers 99966XYYYY log in with XXXXX (ARCHITECTURE, "The command line and the wire"). */
  testMode: boolean;
}

/** A log-in code on its way to a person who has no other device to read it on. */
export interface OutgoingCode {
  phone: string;
  code: string;
}

/** Carries log-in codes out of the server; by default they are printed on the console. Never logged. */
export interface CodeDelivery {
  deliver(code: OutgoingCode): Promise<void>;
}

/** Everything the subjects of the domain are built from. */
export interface DomainDeps {
  db: Database;
  bus: Bus;
  clock: Clock;
  random: Random;
  log: Logger;
  metrics: Metrics;
  settings: DomainSettings;
  codeDelivery: CodeDelivery;
}
