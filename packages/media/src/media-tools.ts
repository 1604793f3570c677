import { loadMediabunny, type Mediabunny } from './load-mediabunny.ts';
import { loadSharp } from './load-sharp.ts';
import { limitSharp, type SharpFactory } from './make-photo.ts';
import { findFfmpeg } from './run-ffmpeg.ts';

/** What a process has to look into audio and video. */
export interface MediaTools {
  mediabunny: Mediabunny;
  /** Without it there are no thumbnails. */
  sharp: SharpFactory | undefined;
  /** Without it there are no frames of videos and no waveforms. */
  hasFfmpeg: boolean;
  /** Without it, only files that mediabunny knows are read. It comes with ffmpeg. */
  hasFfprobe: boolean;
}

/** Loads the libraries and looks for ffmpeg. Without mediabunny nothing can be done, and the reason is returned instead. */
export async function loadMediaTools(): Promise<{ isThere: true; tools: MediaTools } | { isThere: false; reason: string }> {
  const [loaded, pictures, ffmpeg, ffprobe] = await Promise.all([loadMediabunny(), loadSharp(), findFfmpeg(), findFfmpeg('ffprobe')]);
  if (!loaded.isThere) return loaded;
  if (pictures.isThere) limitSharp(pictures.sharp);
  return { isThere: true, tools: { mediabunny: loaded.mediabunny, sharp: pictures.isThere ? pictures.sharp : undefined, hasFfmpeg: ffmpeg.isThere, hasFfprobe: ffprobe.isThere } };
}
