import { type CodeDelivery, createConsoleDelivery } from '@aerogram/domain';
import type { Config } from '@aerogram/runtime';
import { createHookDelivery } from './hook-delivery.ts';
import { createSmtpDelivery } from './smtp-delivery.ts';

/**
 * The ways on which codes leave this server, as configured; the console where nothing else is.
 * @param write takes a whole line for the person who runs the server
 */
export function createDelivery(
  config: Pick<Config, 'smtpUrl' | 'smtpFrom' | 'codeHookUrl' | 'codeHookToken' | 'codeHookWays'>,
  write: (line: string) => void,
): CodeDelivery & Disposable {
  const { smtpUrl, smtpFrom, codeHookUrl, codeHookToken, codeHookWays } = config;
  const onConsole = createConsoleDelivery(write);
  const phone = codeHookUrl === undefined ? onConsole : createHookDelivery({ url: codeHookUrl, token: codeHookToken, ways: codeHookWays });
  const smtp = smtpUrl === undefined ? undefined : createSmtpDelivery({ url: smtpUrl, from: smtpFrom });
  return {
    ways: phone.ways,
    sendsEmail: smtp !== undefined,
    deliver: (code) => phone.deliver(code),
    deliverEmail: (mail) => (smtp ?? onConsole).deliverEmail(mail),
    [Symbol.dispose]: () => smtp?.[Symbol.dispose](),
  };
}
