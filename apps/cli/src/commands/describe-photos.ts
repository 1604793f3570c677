import { type FfmpegState, findFfmpeg, loadMediabunny, loadSharp, type MediabunnyState, type SharpState } from '@aerogram/media';
import type { CliOptions } from '../options.ts';

/** Looks for what files are processed with; tests replace it. */
export interface MediaLibraries {
  sharp(): Promise<SharpState>;
  mediabunny(): Promise<MediabunnyState>;
  ffmpeg(): Promise<FfmpegState>;
}

/** Prints whether photos can be processed on this machine, and audio and video read: without sharp photos are refused, without mediabunny clients are believed, without ffmpeg they make thumbnails and waveforms. */
export async function describePhotos(print: CliOptions['print'], load: MediaLibraries = { sharp: loadSharp, mediabunny: loadMediabunny, ffmpeg: findFfmpeg }): Promise<void> {
  const [sharp, mediabunny, ffmpeg] = [await load.sharp(), await load.mediabunny(), await load.ffmpeg()];
  print(sharp.isThere ? `photos     made by sharp ${sharp.version}` : `photos     REFUSED, because sharp cannot be loaded: ${sharp.reason}`);
  print(mediabunny.isThere ? 'media      audio and video read by mediabunny' : `media      audio and video are what clients say, because mediabunny cannot be loaded: ${mediabunny.reason}`);
  print(ffmpeg.isThere ? `ffmpeg     ${ffmpeg.version}` : `ffmpeg     not found, so videos and voice messages have no thumbnails and waveforms but those of their clients, and GIF files stay files: ${ffmpeg.reason}`);
}
