import type { CodeDelivery } from '@aerogram/domain';
import { createTransport } from 'nodemailer';

const TIMEOUT_MS = 10_000;

/** Sends codes to e-mail addresses. */
export type EmailDelivery = Pick<CodeDelivery, 'deliverEmail'> & Disposable;

/**
 * Sends e-mails through a mail server, over a few connections that stay open. If the server refuses a mail, the error does not contain the
 * address.
 * @param url `smtp://` (STARTTLS if the server supports it) or `smtps://`, with user and password if the server needs them
 */
export function createSmtpDelivery(options: { url: string; from: string }): EmailDelivery {
  const timeouts = { connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS };
  const transport = createTransport({ url: options.url, pool: true, maxConnections: 2, ...timeouts });
  return {
    async deliverEmail({ email, subject, text }) {
      // Auto-Submitted suppresses out-of-office replies.
      const headers = { 'Auto-Submitted': 'auto-generated' };
      await transport.sendMail({ from: options.from, to: email, subject, text, headers }).catch((error: unknown) => {
        const { code, responseCode } = error as { code?: string; responseCode?: number };
        throw new Error(`the mail server did not take a mail: ${[code ?? 'unknown', responseCode].join(' ').trim()}`);
      });
    },
    [Symbol.dispose]: () => transport.close(),
  };
}
