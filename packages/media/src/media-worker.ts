// The program of a process that reads audio and video.
import { describeMedia, type MediaResult, type MediaTask } from './media-facts.ts';
import { loadMediaTools } from './media-tools.ts';
import { runWorker } from './worker-program.ts';

await runWorker<MediaTask, MediaResult>(async () => {
  const loaded = await loadMediaTools();
  if (!loaded.isThere) return loaded;
  return { isThere: true, version: 'mediabunny', perform: (task, read) => describeMedia(loaded.tools, task, read) };
});
