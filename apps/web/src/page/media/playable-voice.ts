import type { SoundType } from './change-container.ts';

/** Containers in which Safari before 18.4 takes the Opus of voice messages, which it does not take in Ogg. */
const OTHERS: readonly SoundType[] = ['audio/mp4', 'audio/webm'];

const canPlay = (type: SoundType): boolean => new Audio().canPlayType(`${type}; codecs="opus"`) !== '';

/** Whether the browser plays no Opus in Ogg. */
export const lacksOgg = (): boolean => !canPlay('audio/ogg');

/**
 * Makes of a voice message one that the browser can play.
 * @throws TypeError if it takes Opus in no container
 */
export async function makePlayable(voice: Blob): Promise<Blob> {
  if (voice.type !== 'audio/ogg' || !lacksOgg()) return voice;
  const type = OTHERS.find(canPlay);
  const changed = type && (await (await import('./change-container.ts')).changeContainer(voice, type));
  if (!changed) throw new TypeError('a sound that this browser does not play');
  return changed;
}
