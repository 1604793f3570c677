// The program of a process that makes photos; its parent is a PhotoProcess.
import { writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

import { limitCpu } from './cpu-limit.ts';
import { loadSharp } from './load-sharp.ts';
import { limitSharp, makePhoto } from './make-photo.ts';
import type { PhotoReply, PhotoRequest } from './protocol.ts';

// Without a parent that reads the result there is nothing to do, also when the parent was killed.
process.once('disconnect', () => process.exit());
// Ctrl-C reaches all processes of a terminal, but this one ends with its parent.
process.on('SIGINT', () => {});
setPriority(constants.priority.PRIORITY_LOW);
preferForKilling();

/** When the machine is out of memory, Linux ends this process before the server. */
function preferForKilling(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // Another system, or a container that does not allow it.
  }
}

function reply(message: PhotoReply): void {
  process.send!(message);
}

/** The CPU time that one photo may take, in milliseconds: the argument of this program. */
const cpuMs = Number(process.argv[2]);
const loaded = await loadSharp();
if (loaded.isThere) {
  limitSharp(loaded.sharp);
  process.on('message', ({ id, bytes }: PhotoRequest) => {
    const endLimit = limitCpu(cpuMs);
    void makePhoto(loaded.sharp, bytes).then((result) => {
      endLimit();
      reply({ kind: 'result', id, result });
    });
  });
  reply({ kind: 'ready', version: loaded.version });
} else {
  reply({ kind: 'unavailable', reason: loaded.reason });
}
