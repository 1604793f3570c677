import { setTimeout as delay } from 'node:timers/promises';
import { killTree, listChildren, signalIfAlive } from '@aerogram/dev-env/load';

/** How long servers and databases may take to stop by themselves, in milliseconds. */
const STOP_MS = 15_000;
const LOOK_MS = 100;
/** How often it is looked whether the process that started the bench is still there, in milliseconds. */
const PARENT_MS = 1000;

/**
 * Ends the servers, databases and generators of this process when it is interrupted, or when the process that started it is gone: with SIGKILL that one could not tell. They would
 * go on for ever and disturb the next measurement. What SIGKILL of this process itself leaves behind cannot be ended.
 */
export function endChildrenWhenInterrupted(): void {
  const parent = process.ppid;
  let isEnding = false;
  const end = async (why: string): Promise<void> => {
    if (isEnding) return;
    isEnding = true;
    console.error(`${why}: ending the servers and databases`);
    const told = new Set<number>();
    let children = await listChildren(process.pid);
    // The bench may start others meanwhile. A server stops its own database; a database of this process stops when its server has gone.
    for (let waitedMs = 0; waitedMs < STOP_MS && children.length > 0; waitedMs += LOOK_MS) {
      for (const pid of children) if (!told.has(pid)) signalIfAlive(pid, 'SIGTERM');
      for (const pid of children) told.add(pid);
      await delay(LOOK_MS);
      children = await listChildren(process.pid);
    }
    for (const pid of children) await killTree(pid);
    process.exit(1);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => void end(name));
  const timer = setInterval(() => {
    if (process.ppid !== parent) void end('the process that started the bench is gone');
  }, PARENT_MS);
  timer.unref();
}
