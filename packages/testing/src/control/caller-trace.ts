import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder with all files of this package. */
const OWN_FILES = join(dirname(fileURLToPath(import.meta.url)), '..', sep);

/** Stack frames kept above those of the caller: calls inside of this package go deeper than the usual ten. */
const FRAMES = 30;

/** Where a test called a function of this package. */
export interface CallerTrace {
  /** Lines of a stack, the caller's first. */
  readonly frames: string;
}

/** Notes where the running function of this package was called. Must be called before the function awaits anything. */
export function traceCaller(): CallerTrace {
  const holder: { stack?: string } = {};
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  Error.captureStackTrace(holder, traceCaller);
  Error.stackTraceLimit = limit;
  return {
    get frames() {
      const lines = (holder.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
      // If a bundler has put tests and package into one file, all frames look like ours, and all stay.
      const first = lines.findIndex((line) => !line.includes(OWN_FILES) && !line.includes('node:'));
      return lines.slice(Math.max(first, 0)).join('\n');
    },
  };
}
