import { openSync, readSync } from 'node:fs';

/** Written by Linux for each thread: nanoseconds on a core, nanoseconds of waiting for one, and the number of turns. */
const THREAD_FILE = '/proc/thread-self/schedstat';

/** CPU time of the whole process, in milliseconds. */
function processWorkedMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * Opens a clock of the CPU time, in milliseconds, that the calling thread alone has used: worker threads work beside it all the time. Where
 * the system does not tell it, the clock shows the CPU time of the whole process.
 */
export function openThreadTime(file = THREAD_FILE): () => number {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return processWorkedMs;
  }
  const text = Buffer.alloc(64);
  const read = (): number => {
    // Asking for the time of the process brings the thread's own figure up to date.
    process.cpuUsage();
    const length = readSync(descriptor, text, 0, text.length, 0);
    let nanoseconds = 0;
    for (let at = 0; at < length && text[at]! >= 0x30; at++) nanoseconds = nanoseconds * 10 + text[at]! - 0x30;
    return nanoseconds / 1e6;
  };
  // Some systems have the file and write only zeros into it.
  return read() > 0 ? read : processWorkedMs;
}
