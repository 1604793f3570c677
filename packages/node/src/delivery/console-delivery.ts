import { fstatSync } from 'node:fs';
import type { CodeDelivery } from '@aerogram/domain';
import type { Config, Logger } from '@aerogram/runtime';

/** Where codes are printed. */
export interface CodeConsole {
  isTerminal: boolean;
  /** What is written there is kept by the system's journal. */
  isJournal: boolean;
  /** Takes a whole line. */
  write(line: string): void;
}

/** Standard output of this process. systemd names the file behind its journal in JOURNAL_STREAM. */
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
 * Shows codes to the person who runs the server: prints them, or keeps them for `aerogram code <phone>` alone. A code is never a log line.
 * With `auto` codes are printed on a terminal, and in test mode wherever the output is not kept by the system's journal.
 */
export function createConsoleDelivery(config: Pick<Config, 'printCodes' | 'testMode'>, console: CodeConsole, log: Logger): CodeDelivery {
  const { printCodes } = config;
  const prints = printCodes === '1' || (printCodes === 'auto' && (console.isTerminal || (config.testMode && !console.isJournal)));
  const show = (line: string, way: string): Promise<void> => {
    if (prints) console.write(line);
    // What went to the account's devices waits for nobody.
    else if (way !== 'app') log.info({ way }, 'a code waits; "aerogram code <phone>" shows it');
    return Promise.resolve();
  };
  return {
    ways: ['sms'],
    deliver: ({ phone, code, way }) => show(`log-in code for +${phone}: ${code}\n`, way),
    deliverEmail: ({ email, code }) => show(`code for ${email}: ${code}\n`, 'email'),
  };
}
