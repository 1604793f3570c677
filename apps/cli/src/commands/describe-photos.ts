import { type FfmpegState, findFfmpeg, loadMediabunny, loadSharp, type MediabunnyState, type SharpState } from '@aerogram/media';
import type { Output } from '../output.ts';

/** Looks for what files are processed with; tests replace it. */
export interface MediaLibraries {
  sharp(): Promise<SharpState>;
  mediabunny(): Promise<MediabunnyState>;
  ffmpeg(): Promise<FfmpegState>;
}

/** Whether photos can be processed on this machine, and audio and video read: without sharp photos are refused, without mediabunny clients are believed, without ffmpeg they make thumbnails and waveforms. */
export async function describePhotos(load: MediaLibraries = { sharp: loadSharp, mediabunny: loadMediabunny, ffmpeg: findFfmpeg }): Promise<Output> {
  const [sharp, mediabunny, ffmpeg] = [await load.sharp(), await load.mediabunny(), await load.ffmpeg()];
  return {
    value: { sharp: project(sharp), mediabunny: project(mediabunny), ffmpeg: project(ffmpeg) },
    lines: [
      sharp.isThere ? `photos     made by sharp ${sharp.version}` : `photos     REFUSED, because sharp cannot be loaded: ${sharp.reason}`,
      mediabunny.isThere ? 'media      audio and video read by mediabunny' : `media      audio and video are what clients say, because mediabunny cannot be loaded: ${mediabunny.reason}`,
      ffmpeg.isThere ? `ffmpeg     ${ffmpeg.version}` : `ffmpeg     not found, so videos and voice messages have no thumbnails and waveforms but those of their clients, and GIF files stay files: ${ffmpeg.reason}`,
    ],
  };
}

/** A library as programs see it. */
function project(state: SharpState | MediabunnyState | FfmpegState): object {
  return state.isThere ? { there: true, version: 'version' in state ? state.version : null } : { there: false, reason: state.reason };
}
