// The program of a process that makes photos and looks into patterns.
import { loadSharp } from './load-sharp.ts';
import { limitSharp, makePhoto } from './make-photo.ts';
import { checkPattern } from './pattern.ts';
import type { PatternResult, PatternTask, PhotoResult, PhotoTask } from './protocol.ts';
import { runWorker } from './worker-program.ts';

await runWorker<PhotoTask | PatternTask, PhotoResult | PatternResult>(async () => {
  const loaded = await loadSharp();
  if (!loaded.isThere) return loaded;
  limitSharp(loaded.sharp);
  return { isThere: true, version: loaded.version, perform: (task) => ('pattern' in task ? checkPattern(task.pattern) : makePhoto(loaded.sharp, task.bytes, task.use)) };
});
