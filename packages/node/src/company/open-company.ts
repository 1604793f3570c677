import type { Domain } from '@aerogram/domain';
import type { Clock, Config, Lifecycle, Logger } from '@aerogram/runtime';
import { CheckRounds } from './check-rounds.ts';
import { createEnterRoutes, type EnterHandler } from './enter-routes.ts';
import { CompanyProvider } from './provider.ts';

/** What the log-in with the account of a company stands on. */
export interface CompanyDeps {
  config: Config;
  domain: Pick<Domain, 'auth'>;
  /** Whether this process checks people for all nodes; undefined in a process without jobs. */
  holds: (() => boolean) | undefined;
  clock: Clock;
  log: Logger;
}

/** Opens the log-in with the account of a company. @returns undefined if the settings name no provider */
export function openCompany(lifecycle: Lifecycle, { config, domain: { auth }, holds, clock, log }: CompanyDeps): EnterHandler | undefined {
  if (config.oidcIssuer === undefined) return undefined;
  const provider = new CompanyProvider({ config, clock, log });
  if (holds !== undefined) {
    void provider.look();
    lifecycle.own('checks of the people of the company', new CheckRounds({ checks: auth.companyChecks, provider, holds, clock, log }));
  }
  return createEnterRoutes({ auth, provider, config, clock, log });
}
