import { fstatSync } from 'node:fs';
import type { CodeDelivery } from '@aerogram/domain';
import type { Config, Logger } from '@aerogram/runtime';

/** Where codes are printed. */
export interface CodeConsole {
  isTerminal: boolean;
  /** Whether the system journal stores the output. */
  isJournal: boolean;
  /** Writes a whole line. */
  write(line: string): void;
}

/** Standard output of this process. systemd puts the device and inode of its journal into JOURNAL_STREAM. */
export function standardConsole(env: Readonly<Record<string, string | undefined>>): CodeConsole {
  const journal = env['JOURNAL_STREAM'];
  const nameOfOutput = (): string => {
    const { dev, ino } = fstatSync(1);
    return `${dev}:${ino}`;
  };
  return {
    isTerminal: process.stdout.isTTY,
    isJournal: journal !== undefined && journal === nameOfOutput(),
    write: (line) => void process.stdout.write(line),
  };
}

/**
 * Shows codes to the operator: prints them, or only keeps them for `aerogram code <phone>`. A code is never logged. With `auto` codes are
 * printed on a terminal, and in test mode wherever the system journal does not store the output.
 */
export function createConsoleDelivery(config: Pick<Config, 'printCodes' | 'testMode'>, console: CodeConsole, log: Logger): CodeDelivery {
  const { printCodes } = config;
  const prints = printCodes === '1' || (printCodes === 'auto' && (console.isTerminal || (config.testMode && !console.isJournal)));
  const show = (line: string, way: string): Promise<void> => {
    if (prints) console.write(line);
    // Nobody has to read codes that were sent to the account's devices.
    else if (way !== 'app') log.info({ way }, 'a code waits; "aerogram code <phone>" shows it');
    return Promise.resolve();
  };
  return {
    ways: ['sms'],
    deliver: ({ phone, code, way }) => show(`log-in code for +${phone}: ${code}\n`, way),
    deliverEmail: ({ email, code }) => show(`code for ${email}: ${code}\n`, 'email'),
  };
}
