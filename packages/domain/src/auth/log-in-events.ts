import { defineCounter } from '@aerogram/runtime';

import type { CodeWay, DomainDeps } from '../shared/index.ts';

const logInsMetric = defineCounter({
  name: 'aerogram_log_ins_total',
  help: 'Log-ins, by the last thing that was shown (sign_up: a new account) and outcome: ok, or failed (wrong). The Bot API has no log-ins, and counts wrong tokens only.',
  labels: ['how', 'outcome'],
});
const codesMetric = defineCounter({
  name: 'aerogram_codes_total',
  help: 'Codes, by way and outcome: sent, failed (the service did not take it), missing (a client says that it did not come), used (for a log-in). Those of test numbers are not counted as sent.',
  labels: ['way', 'outcome'],
});

type Told = Pick<DomainDeps, 'log' | 'metrics'>;

/** How a key was logged in. `qr`: another device of the user accepted its QR code; `sign_up`: the log-in created the account; `company`: the web client came back from the company's provider; `admin_page`: somebody logged in at the admin page. */
export type LogInWay = 'code' | 'email_code' | 'passkey' | 'qr' | 'sign_up' | 'password' | 'recovery_code' | 'bot_token' | 'web_token' | 'company' | 'admin_page';

/** What of a log-in was wrong, as `reason` in the log. */
export type LogInFailure = 'code' | 'password' | 'recovery_code' | 'passkey' | 'token' | 'web_token' | CompanyFailure;

/** Why a person of the company was refused: the provider let nobody in, or did not say whom, the person is in none of the groups, or the number is banned. */
export type CompanyFailure = 'provider' | 'subject' | 'group' | 'banned';

const WRONG: Readonly<Record<LogInFailure, string>> = {
  code: 'a wrong code was given',
  password: 'a wrong password was given',
  recovery_code: 'a wrong code was given',
  passkey: 'a passkey was refused',
  token: 'a wrong token was given',
  web_token: 'a wrong token was given',
  provider: 'a person of the company was refused',
  subject: 'a person of the company was refused',
  group: 'a person of the company was refused',
  banned: 'a person of the company was refused: the number is banned',
};

/** What was tried. */
const WAYS: Readonly<Record<LogInFailure, LogInWay>> = {
  code: 'code',
  password: 'password',
  recovery_code: 'recovery_code',
  passkey: 'passkey',
  token: 'bot_token',
  web_token: 'web_token',
  provider: 'company',
  subject: 'company',
  group: 'company',
  banned: 'company',
};

/** Tells the log and the metrics that a device was logged in. */
export function tellLogIn({ log, metrics }: Told, { how, ...fields }: { how: LogInWay; userId: bigint; authorization: bigint | undefined; address: string }): void {
  metrics.counter(logInsMetric).inc({ how, outcome: 'ok' });
  log.info({ event: how === 'sign_up' ? 'sign_up' : 'log_in', how, ...fields }, how === 'sign_up' ? 'an account was made' : 'a device logged in');
}

/**
 * Tells the log and the metrics that somebody did not get in. The events are what addresses are banned for outside of the server, so each
 * stands for one guess.
 * @param failure.how where the reason alone does not say it
 */
export function tellLogInFailure({ log, metrics }: Told, failure: { reason: LogInFailure; userId?: bigint | undefined; address: string | undefined; guess?: string; how?: LogInWay }): void {
  const { reason } = failure;
  metrics.counter(logInsMetric).inc({ how: failure.how ?? WAYS[reason], outcome: 'failed' });
  log.info({ event: 'log_in_failed', ...failure }, WRONG[reason]);
}

/** Counts what became of a code. */
export function countCode({ metrics }: Pick<DomainDeps, 'metrics'>, way: CodeWay, outcome: 'sent' | 'failed' | 'missing' | 'used'): void {
  metrics.counter(codesMetric).inc({ way, outcome });
}
