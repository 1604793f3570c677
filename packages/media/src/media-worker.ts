// The program of a process that reads audio and video.
import { type AvatarResult, type AvatarTask, makeAvatar } from './make-avatar.ts';
import { describeMedia } from './media-facts.ts';
import type { MediaResult, MediaTask } from './media-result.ts';
import { loadMediaTools } from './media-tools.ts';
import { runWorker } from './worker-program.ts';

await runWorker<MediaTask | AvatarTask, MediaResult | AvatarResult>(async () => {
  const loaded = await loadMediaTools();
  if (!loaded.isThere) return loaded;
  return { isThere: true, version: 'mediabunny', perform: (task, read) => ('avatar' in task ? makeAvatar(loaded.tools, task, read) : describeMedia(loaded.tools, task, read)) };
});
