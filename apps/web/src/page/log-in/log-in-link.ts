import { effect, signal } from '@preact/signals';
import type { LogInLink } from '../../protocol/index.ts';
import { describeRefusal } from '../parts/errors.ts';
import { notify } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';
import { takeSecret } from './company-log-in.ts';
import { ask, RefusedError, session } from '../ground/link.ts';
import { go } from '../ground/route.ts';

/** Whether a link is logging in just now. */
export const isEntering = signal(false);

/** Why the link with which the page was opened did not log in. */
export const linkProblem = signal<string | undefined>(undefined);

/**
 * Reads the token of a link from the part of the address behind `#`. Pure.
 * @param secret of the log-in that this window has begun at the provider of the company; a link cannot bring one
 */
export function parseLogInLink(hash: string, secret?: string): LogInLink | undefined {
  const said = new URLSearchParams(hash.replace(/^#\/?/, ''));
  const token = said.get('tgWebAuthToken');
  if (token === null) return undefined;
  const [plain = ''] = token.split('.');
  return { token: secret === undefined ? plain : `${plain}.${secret}`, user: Number(said.get('tgWebAuthUserId')) };
}

/**
 * If the address has the token of a link, takes it out of the address and logs in with it as soon as the server can be reached.
 * @param prepare loads what is needed after log-in while the server answers
 */
export function takeLogInLink(prepare: () => void): void {
  if (!parseLogInLink(location.hash)) return;
  const link = parseLogInLink(location.hash, takeSecret())!;
  // The token must not stay where it can be seen, or be sent on with the address.
  go('#/', true);
  isEntering.value = true;
  linkProblem.value = undefined;
  prepare();
  void enter(link).finally(() => (isEntering.value = false));
}

async function enter(link: LogInLink): Promise<void> {
  await reached();
  try {
    await ask('logIn.useLink', link);
  } catch (error) {
    const problem = error instanceof RefusedError ? describeRefusal(error.refusal) : t('errorInternal');
    if (session.value.stage === 'ready') notify(problem);
    else linkProblem.value = problem;
  }
}

/** Waits until the worker has a connection. */
function reached(): Promise<void> {
  return new Promise((resolve) => {
    const stop = effect(() => {
      const { stage, connection } = session.value;
      if (stage !== 'logIn' && (stage !== 'ready' || connection !== 'connected')) return;
      resolve();
      // At its first run, the effect cannot be stopped yet.
      queueMicrotask(() => stop());
    });
  });
}
