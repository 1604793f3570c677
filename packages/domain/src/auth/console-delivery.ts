import type { CodeDelivery } from '../deps.ts';

/**
 * Prints codes for the person who runs the server. Not a log line: the log never holds codes.
 * @param write takes a whole line, e.g. `(line) => process.stdout.write(line)`
 */
export function createConsoleDelivery(write: (line: string) => void): CodeDelivery {
  return {
    ways: ['sms'],
    deliver({ phone, code }) {
      write(`log-in code for +${phone}: ${code}\n`);
      return Promise.resolve();
    },
    deliverEmail({ email, code }) {
      write(`code for ${email}: ${code}\n`);
      return Promise.resolve();
    },
  };
}
