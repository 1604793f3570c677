import { loadSharp, type SharpState } from '@aerogram/media';
import type { CliOptions } from '../options.ts';

/** Prints whether photos can be processed on this machine: without sharp, they are refused. @param load tests replace it */
export async function describePhotos(print: CliOptions['print'], load: () => Promise<SharpState> = loadSharp): Promise<void> {
  const state = await load();
  print(state.isThere ? `photos     made by sharp ${state.version}` : `photos     REFUSED, because sharp cannot be loaded: ${state.reason}`);
}
