import type * as MediabunnyModule from 'mediabunny';

/** The package mediabunny. */
export type Mediabunny = typeof MediabunnyModule;

/** Whether audio and video can be read on this machine. */
export type MediabunnyState = { isThere: true; mediabunny: Mediabunny } | { isThere: false; reason: string };

/** Loads mediabunny, which may be left out when packages are installed. */
export async function loadMediabunny(): Promise<MediabunnyState> {
  try {
    return { isThere: true, mediabunny: await import('mediabunny') };
  } catch (error) {
    return { isThere: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
