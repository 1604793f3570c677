// The program of a process that reads audio and video.
import { loadMediabunny } from './load-mediabunny.ts';
import { type MediaResult, type MediaTask, readMediaFacts } from './media-facts.ts';
import { runWorker } from './worker-program.ts';

await runWorker<MediaTask, MediaResult>(async () => {
  const loaded = await loadMediabunny();
  if (!loaded.isThere) return loaded;
  return { isThere: true, version: 'mediabunny', perform: (task, read) => readMediaFacts(loaded.mediabunny, task, read) };
});
