import { createLogger, type Logger } from '@aerogram/runtime';

/**
 * The log of a server that runs in the process of a test. `AEROGRAM_TEST_LOG=debug` shows all of it at once. Otherwise it says only what is wrong, by the
 * console: `npm test` shows what was printed there only of tests that fail, and lines that are written past the console always.
 */
export function createTestLogger(level: 'error' | 'fatal' = 'error'): Logger {
  const shown = process.env['AEROGRAM_TEST_LOG'];
  if (shown !== undefined) return createLogger({ level: shown });
  // oxlint-disable-next-line no-console -- the console is the place that the test command shows or hides
  return createLogger({ level, destination: { write: (line) => console.error(line.trimEnd()) } });
}
