import { writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

import type { WorkerReply, WorkerRequest } from './protocol.ts';
import type { ReadRange } from './worker-process.ts';

/** What a process that works on files can do: its library could be loaded or not. */
export type WorkerAbility<Task, Result> = { isThere: true; version: string; perform(task: Task, read: ReadRange): Promise<Result> } | { isThere: false; reason: string };

/**
 * Runs the program of a process whose parent is a WorkerProcess.
 * @param load loads the libraries. Its `perform` must not reject
 */
export async function runWorker<Task, Result>(load: () => Promise<WorkerAbility<Task, Result>>): Promise<void> {
  // Without a parent that reads the result there is nothing to do, also when the parent was killed.
  process.once('disconnect', () => process.exit());
  // Lower than the priority of the process that serves messages, but not the lowest: with that, whoever sends a photo would wait until all other programs leave a core free.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  preferForKilling();
  const ability = await load();
  if (!ability.isThere) return reply({ kind: 'unavailable', reason: ability.reason });
  const reads = new Map<number, (bytes: Uint8Array | undefined) => void>();
  let lastCall = 0;
  const perform = async (id: number, task: Task): Promise<void> => {
    const result = await ability.perform(task, async (from, to) => {
      const call = ++lastCall;
      const bytes = await new Promise<Uint8Array | undefined>((resolve) => {
        reads.set(call, resolve);
        reply({ kind: 'read', id, call, from, to });
      });
      if (bytes?.length !== to - from) throw new Error('the file has no such bytes, or they are too many');
      return bytes;
    });
    reply({ kind: 'result', id, result });
  };
  process.on('message', (request: WorkerRequest<Task>) => {
    if (request.kind === 'task') return void perform(request.id, request.task);
    reads.get(request.call)?.(request.bytes);
    reads.delete(request.call);
  });
  reply({ kind: 'ready', version: ability.version });
}

function reply(message: WorkerReply<unknown>): void {
  process.send!(message);
}

/** When the machine is out of memory, Linux ends this process before the server. */
function preferForKilling(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // Another system, or a container that does not allow it.
  }
}
