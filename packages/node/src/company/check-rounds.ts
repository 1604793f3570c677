import type { CheckOutcome, CompanyChecks } from '@aerogram/domain';
import type { Clock, Logger, TimerHandle } from '@aerogram/runtime';
import type { CompanyProvider } from './provider.ts';

/** How often it is looked who has to be checked, in milliseconds. */
const ROUND_MS = 15_000;

/** How many people are checked in a round: some 24,000 an hour. */
const MOST = 100;

/** How many are checked at once. */
const AT_ONCE = 5;

/** After so many checks without an answer the rest waits: a provider that is away is not asked about everybody. After a round with failures, one person is asked about, and it is enough if that fails. */
const FAILURES = 3;

/** Between two rounds without answers at most so many are left out, twice as many each time: some five minutes. Each question that gets no answer leaves a doubt. */
const LEFT_OUT_MAX = 19;

/** How long the end of the server waits for checks under way, in milliseconds. */
const END_MS = 5000;

export interface CheckRoundsDeps {
  checks: CompanyChecks;
  provider: Pick<CompanyProvider, 'issuer' | 'refresh'>;
  /** Whether this process checks for all nodes. */
  holds(): boolean;
  clock: Clock;
  log: Logger;
}

/** Asks the provider of the company, person by person, whether they may still log in. One process does it for all. */
export class CheckRounds implements AsyncDisposable {
  readonly #deps: CheckRoundsDeps;
  readonly #timer: TimerHandle;
  #running: Promise<void> | undefined;
  #stopped = false;
  /** Rounds with failures, one after the other. */
  #failedRounds = 0;
  /** Rounds that are left out from now on. */
  #leftOut = 0;

  constructor(deps: CheckRoundsDeps) {
    this.#deps = deps;
    this.#timer = deps.clock.setInterval(() => this.#begin(), ROUND_MS);
  }

  #begin(): void {
    if (this.#running || !this.#deps.holds()) return;
    if (this.#leftOut > 0) return void this.#leftOut--;
    this.#running = this.#run()
      .catch((error: unknown) => this.#deps.log.warn({ err: error }, 'the people of the company were not checked'))
      .finally(() => (this.#running = undefined));
  }

  async #run(): Promise<void> {
    const { checks, provider, log } = this.#deps;
    const issuer = await provider.issuer().catch(() => undefined);
    if (issuer === undefined) return;
    const due = await checks.listDue(issuer, MOST);
    const [atOnce, most] = this.#failedRounds === 0 ? [AT_ONCE, FAILURES] : [1, 1];
    let failures = 0;
    const next = async (): Promise<void> => {
      for (let userId = due.shift(); userId !== undefined && failures < most && !this.#stopped; userId = due.shift()) {
        const outcome: CheckOutcome = await checks.doCheck(userId, (token) => provider.refresh(token));
        if (outcome === 'unused' || outcome === 'unknown') failures++;
      }
    };
    await Promise.all(Array.from({ length: atOnce }, next));
    this.#failedRounds = failures > 0 ? this.#failedRounds + 1 : 0;
    this.#leftOut = failures > 0 ? Math.min(LEFT_OUT_MAX, 2 ** (this.#failedRounds - 1) - 1) : 0;
    if (failures > 0) log.warn({ failures }, 'the provider of the company did not say of everybody whether they may log in; nobody is logged out for that');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    this.#timer.cancel();
    // A provider that does not answer holds nobody up: that a check was under way is written down.
    const { clock } = this.#deps;
    let timer: TimerHandle | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = clock.setTimeout(resolve, END_MS);
    });
    await Promise.race([this.#running, patience]);
    timer?.cancel();
  }
}
