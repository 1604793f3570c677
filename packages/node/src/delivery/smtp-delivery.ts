import type { CodeDelivery } from '@aerogram/domain';
import { createTransport } from 'nodemailer';

const TIMEOUT_MS = 10_000;

/** Sends codes to e-mail addresses. */
export type EmailDelivery = Pick<CodeDelivery, 'deliverEmail'> & Disposable;

/**
 * Sends e-mails through a mail server, over a few connections that stay open. The error names the server, and why it was not reached, but not the address
 * of a mail that it refuses.
 * @param url `smtp://` (STARTTLS if the server supports it) or `smtps://`, with user and password if the server needs them
 */
export function createSmtpDelivery(options: { url: string; from: string }): EmailDelivery {
  const timeouts = { connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS };
  const transport = createTransport({ url: options.url, pool: true, maxConnections: 2, ...timeouts });
  const { host } = new URL(options.url);
  return {
    async deliverEmail({ email, subject, text }) {
      // Auto-Submitted suppresses out-of-office replies.
      const headers = { 'Auto-Submitted': 'auto-generated' };
      await transport.sendMail({ from: options.from, to: email, subject, text, headers }).catch((error: unknown) => {
        const { code, responseCode, command, message } = error as { code?: string; responseCode?: number; command?: string; message?: string };
        // What fails while connecting, when the server was not told any address yet.
        const cause = command === 'CONN' && responseCode === undefined ? `, ${message}` : '';
        throw new Error(`the mail server ${host} did not take a mail: ${[code ?? 'unknown', responseCode].join(' ').trim()}${cause}`);
      });
    },
    [Symbol.dispose]: () => transport.close(),
  };
}
