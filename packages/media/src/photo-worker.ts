// The program of a process that makes photos, and looks into patterns and animated stickers.
import { loadSharp } from './load-sharp.ts';
import { limitSharp, makePhoto } from './make-photo.ts';
import { readPattern } from './pattern.ts';
import type { PhotoResult, PhotoTask, ShapeResult, ShapeTask } from './protocol.ts';
import { readSetAnimation } from './set-animation.ts';
import { readAnimationSides } from './sticker-shape.ts';
import { runWorker } from './worker-program.ts';

/** What looks into a file, by what it is to be. */
const READERS = { pattern: readPattern, animation: readAnimationSides, set_animation: readSetAnimation };

await runWorker<PhotoTask | ShapeTask, PhotoResult | ShapeResult>(async () => {
  const loaded = await loadSharp();
  if (!loaded.isThere) return loaded;
  limitSharp(loaded.sharp);
  return { isThere: true, version: loaded.version, perform: (task) => ('shapeOf' in task ? readShape(task) : makePhoto(loaded.sharp, task.bytes, task.use, task.backdrop)) };
});

async function readShape({ shapeOf, bytes }: ShapeTask): Promise<ShapeResult> {
  const shape = await READERS[shapeOf](bytes);
  return shape === undefined ? { outcome: 'refused', reason: 'unreadable' } : { outcome: 'allowed', shape };
}
