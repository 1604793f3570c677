import type { CodeDelivery } from '@aerogram/domain';
import type { Config, Logger } from '@aerogram/runtime';
import { type CodeConsole, createConsoleDelivery } from './console-delivery.ts';
import { createHookDelivery } from './hook-delivery.ts';
import { createSmtpDelivery } from './smtp-delivery.ts';

type DeliveryConfig = Pick<Config, 'smtpUrl' | 'smtpFrom' | 'codeHookUrl' | 'codeHookToken' | 'codeHookWays' | 'printCodes' | 'testMode'>;

/**
 * Creates the configured ways of delivering codes; the console if none is configured.
 * @param deps.console where codes are printed for the operator
 */
export function createDelivery(config: DeliveryConfig, deps: { console: CodeConsole; log: Logger }): CodeDelivery & Disposable {
  const { smtpUrl, smtpFrom, codeHookUrl, codeHookToken, codeHookWays } = config;
  const onConsole = createConsoleDelivery(config, deps.console, deps.log);
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
