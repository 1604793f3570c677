import { loadMediabunny, loadSharp, type MediabunnyState, type SharpState } from '@aerogram/media';
import type { CliOptions } from '../options.ts';

/** Loads the libraries for files; tests replace it. */
export interface MediaLibraries {
  sharp(): Promise<SharpState>;
  mediabunny(): Promise<MediabunnyState>;
}

/** Prints whether photos can be processed on this machine, and audio and video read: without sharp photos are refused, without mediabunny clients are believed. */
export async function describePhotos(print: CliOptions['print'], load: MediaLibraries = { sharp: loadSharp, mediabunny: loadMediabunny }): Promise<void> {
  const [sharp, mediabunny] = [await load.sharp(), await load.mediabunny()];
  print(sharp.isThere ? `photos     made by sharp ${sharp.version}` : `photos     REFUSED, because sharp cannot be loaded: ${sharp.reason}`);
  print(mediabunny.isThere ? 'media      audio and video read by mediabunny' : `media      audio and video are what clients say, because mediabunny cannot be loaded: ${mediabunny.reason}`);
}
