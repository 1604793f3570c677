import { blobAddress } from '../ground/pictures.ts';

/** How long a browser may take to look into a file, in milliseconds. */
const PATIENCE_MS = 10_000;

const THUMB_SIDE = 320;
const THUMB_QUALITY = 0.8;
/** Where the picture of a video is taken, in parts of its length and at most in seconds: first pictures are often black. */
const THUMB_AT = { share: 0.1, most: 1 };

/** What a browser finds in a video or a sound. */
export interface PlayerFacts {
  /** Seconds. */
  duration: number;
  width: number;
  height: number;
  /** A JPEG of a video. */
  thumb?: Blob;
}

/** Waits for an event of a player. @throws Error if it cannot play, or takes too long */
function waitFor(media: HTMLMediaElement, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the player takes too long')), PATIENCE_MS);
    media.addEventListener(event, () => (clearTimeout(timer), resolve()), { once: true });
    media.addEventListener('error', () => (clearTimeout(timer), reject(new Error('the file cannot be played'))), { once: true });
  });
}

async function drawThumb(video: HTMLVideoElement): Promise<Blob | undefined> {
  const scale = Math.min(1, THUMB_SIDE / Math.max(video.videoWidth, video.videoHeight));
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(video.videoWidth * scale)), Math.max(1, Math.round(video.videoHeight * scale)));
  canvas.getContext('2d')!.drawImage(video, 0, 0, canvas.width, canvas.height);
  return await canvas.convertToBlob({ type: 'image/jpeg', quality: THUMB_QUALITY });
}

/** Looks into a video or a sound. @returns undefined if this browser cannot play it */
export async function readPlayerFacts(file: Blob, kind: 'video' | 'audio'): Promise<PlayerFacts | undefined> {
  const address = blobAddress(file);
  const media = document.createElement(kind);
  media.muted = true;
  media.preload = 'auto';
  try {
    media.src = address;
    await waitFor(media, kind === 'video' ? 'loadeddata' : 'loadedmetadata');
    const duration = Number.isFinite(media.duration) ? media.duration : 0;
    if (!(media instanceof HTMLVideoElement)) return { duration, width: 0, height: 0 };
    if (media.videoWidth === 0) return undefined;
    media.currentTime = Math.min(duration * THUMB_AT.share, THUMB_AT.most);
    await waitFor(media, 'seeked');
    return { duration, width: media.videoWidth, height: media.videoHeight, thumb: await drawThumb(media) };
  } catch {
    return undefined;
  } finally {
    media.removeAttribute('src');
    media.load();
    URL.revokeObjectURL(address);
  }
}
