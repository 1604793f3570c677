import type { CodeDelivery } from '@aerogram/domain';
import { createTransport } from 'nodemailer';

const TIMEOUT_MS = 10_000;

/** Sends codes to e-mail addresses. */
export type EmailDelivery = Pick<CodeDelivery, 'deliverEmail'> & Disposable;

/**
 * Sends e-mails by a mail server, over few connections that are kept open. A mail that it does not take is a failure, whose error
 * names no address.
 * @param url `smtp://` (STARTTLS where the server has it) or `smtps://`, with user and password where it wants them
 */
export function createSmtpDelivery(options: { url: string; from: string }): EmailDelivery {
  const timeouts = { connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS };
  const transport = createTransport({ url: options.url, pool: true, maxConnections: 2, ...timeouts });
  return {
    async deliverEmail({ email, subject, text }) {
      // Auto-Submitted keeps out-of-office answers away.
      const headers = { 'Auto-Submitted': 'auto-generated' };
      await transport.sendMail({ from: options.from, to: email, subject, text, headers }).catch((error: unknown) => {
        const { code, responseCode } = error as { code?: string; responseCode?: number };
        throw new Error(`the mail server did not take a mail: ${[code ?? 'unknown', responseCode].join(' ').trim()}`);
      });
    },
    [Symbol.dispose]: () => transport.close(),
  };
}
