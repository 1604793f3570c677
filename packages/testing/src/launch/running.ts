import { readFileSync } from 'node:fs';

/** A process as the name of a folder names it: a later process with the same id has another start. */
export interface ProcessMark {
  pid: number;
  /** When it started, as the system counts; empty where that cannot be found out. */
  start: string;
}

/** The mark of a process; undefined if it is not running. */
export function markProcess(pid: number): ProcessMark | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, as another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined;
  }
  try {
    // The program's name in parentheses may contain spaces, so the fields after it are counted. The 22nd of all is the start.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : { pid, start: fields[19] ?? '' };
  } catch {
    return { pid, start: '' };
  }
}

/** Whether this very process still runs. */
export function isRunning({ pid, start }: ProcessMark): boolean {
  const now = markProcess(pid);
  return now !== undefined && (start === '' || now.start === '' || now.start === start);
}
