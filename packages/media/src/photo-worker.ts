// The program of a process that makes photos.
import { loadSharp } from './load-sharp.ts';
import { limitSharp, makePhoto } from './make-photo.ts';
import type { PhotoResult, PhotoTask } from './protocol.ts';
import { runWorker } from './worker-program.ts';

await runWorker<PhotoTask, PhotoResult>(async () => {
  const loaded = await loadSharp();
  if (!loaded.isThere) return loaded;
  limitSharp(loaded.sharp);
  return { isThere: true, version: loaded.version, perform: ({ bytes, use }) => makePhoto(loaded.sharp, bytes, use) };
});
