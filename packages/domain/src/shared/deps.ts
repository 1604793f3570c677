import type { Bus } from '@aerogram/bus';
import type { Clock, ClockDoubt, Config, Logger, Metrics, Random } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import type { PageFetcher } from './page-fetcher.ts';

/** What the domain must know of the configuration. */
export type DomainConfig = Pick<
  Config,
  | 'homeDcId'
  | 'dcIds'
  | 'testMode'
  | 'testDc'
  | 'publicAddress'
  | 'publicAddressV6'
  | 'publicPort'
  | 'allowedApps'
  | 'guestKeyDays'
  | 'langDir'
  | 'loginCodeTtlMs'
  | 'loginEmailRequired'
  | 'passkeyDomain'
  | 'passkeyOrigins'
  | 'workers'
>;

/** How a code travels: to the devices that are logged in, by e-mail, or over the telephone network. */
export type CodeWay = 'app' | 'email' | 'sms' | 'call';

/** A code that proves a phone number. */
export interface OutgoingCode {
  phone: string;
  code: string;
  /** 'app': it goes to the account's devices, and this is only to say so. */
  way: CodeWay;
}

/** A code on its way to an e-mail address. */
export interface OutgoingEmail {
  email: string;
  code: string;
  subject: string;
  /** The whole message, with the code in it. */
  text: string;
}

/** Carries codes out of the server. Codes are never logged; errors of `deliver` and `deliverEmail` name neither numbers, addresses nor codes. */
export interface CodeDelivery {
  /** The ways over the telephone network that there are, best first; at least one. */
  readonly ways: readonly CodeWay[];
  /** E-mail reaches people, so that an address may be asked for; unless it says so, it does not. */
  readonly sendsEmail?: boolean;
  deliver(code: OutgoingCode): Promise<void>;
  deliverEmail(mail: OutgoingEmail): Promise<void>;
}

/** Everything the subjects of the domain are built from. */
export interface DomainDeps {
  db: Database;
  bus: Bus;
  clock: Clock;
  random: Random;
  log: Logger;
  metrics: Metrics;
  config: DomainConfig;
  codeDelivery: CodeDelivery;
  /** Whether the clock is believed; absent: it always is. */
  doubt?: ClockDoubt | undefined;
  /** Reads pages for previews of links; absent where there is no way out. */
  pageFetcher?: PageFetcher | undefined;
}
