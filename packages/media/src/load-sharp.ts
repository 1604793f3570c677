import type { SharpFactory } from './make-photo.ts';

/** Whether photos can be processed on this machine. */
export type SharpState = { isThere: true; sharp: SharpFactory; version: string } | { isThere: false; reason: string };

/** Loads sharp, which has no build for every machine and may be left out when packages are installed. */
export async function loadSharp(): Promise<SharpState> {
  try {
    const { default: sharp } = await import('sharp');
    return { isThere: true, sharp, version: sharp.versions.sharp };
  } catch (error) {
    // sharp explains over many lines how to install it.
    return { isThere: false, reason: (error instanceof Error ? error.message : String(error)).split('\n').find((line) => line.trim() !== '') ?? 'unknown reason' };
  }
}
