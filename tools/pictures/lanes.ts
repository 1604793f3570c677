import { fileURLToPath } from 'node:url';
import { MediaLane, PhotoLane, UNLIMITED_CPU } from '@aerogram/media';
import { createMetrics, silentLogger, systemClock } from '@aerogram/runtime';

/** The processes that work on photos, audio and video, as a server starts them. They must have been built. */
export interface Lanes extends AsyncDisposable {
  photos: PhotoLane;
  media: MediaLane;
}

/** Starts them. @param dist where the built programs are */
export function openLanes(dist: URL): Lanes {
  const optionsOf = (program: string) => ({ file: fileURLToPath(new URL(`${program}.js`, dist)), processes: 1, cpu: UNLIMITED_CPU, clock: systemClock, log: silentLogger, metrics: createMetrics() });
  const [photos, media] = [new PhotoLane(optionsOf('photo-worker')), new MediaLane(optionsOf('media-worker'))];
  return {
    photos,
    media,
    async [Symbol.asyncDispose]() {
      await Promise.all([photos[Symbol.asyncDispose](), media[Symbol.asyncDispose]()]);
    },
  };
}
