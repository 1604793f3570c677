import { copyVideo } from './copy-video.ts';
import { type GifShape, readGifShape } from './gif-shape.ts';
import type { MediaTools } from './media-tools.ts';
import { runFfmpeg } from './run-ffmpeg.ts';

/** The longest GIF file that is converted, in bytes. */
export const GIF_BYTES_MAX = 8 * 1024 * 1024;
/** The most pictures of a GIF file that is converted. */
const FRAMES_MAX = 2000;
/** The most pixels of all pictures of a GIF file that is converted. */
const PIXELS_MAX = 250_000_000;
/** The longest side, in pixels. */
const SIDE_MAX = 4096;
/** The most bytes of the video. */
const VIDEO_BYTES_MAX = 20 * 1024 * 1024;

/** H.264 needs even sides. */
const SCALE = "scale='max(2,trunc(iw/2)*2)':'max(2,trunc(ih/2)*2)',format=yuv420p";
/** `-bf 0`: with pictures that are stored in another order than they are shown in, the first one would not begin at 0. */
const ENCODE = ['-an', '-sn', '-dn', '-fps_mode', 'vfr', '-vf', SCALE, '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '24', '-profile:v', 'main', '-bf', '0'];
/** The index of an ordinary MP4 file is written last, into its beginning, which standard output does not allow. */
const FRAGMENTS = ['-movflags', 'frag_keyframe+empty_moov+default_base_moof', '-f', 'mp4'];

/** Makes an MP4 file without sound of an animated GIF file. @returns undefined if it is not animated, too large or damaged, or if there is no ffmpeg */
export async function convertGif({ mediabunny, hasFfmpeg }: MediaTools, gif: Uint8Array): Promise<Uint8Array | undefined> {
  const shape = readGifShape(gif);
  if (!hasFfmpeg || shape === undefined || !isConvertible(shape)) return undefined;
  const fragments = await runFfmpeg({ format: 'gif', input: gif, output: [...ENCODE, ...FRAGMENTS], outputMax: VIDEO_BYTES_MAX });
  if (fragments === undefined) return undefined;
  using input = new mediabunny.Input({ formats: [mediabunny.MP4], source: new mediabunny.BufferSource(fragments) });
  const track = await input.getPrimaryVideoTrack();
  return track === null ? undefined : await copyVideo(mediabunny, track, 'all');
}

function isConvertible({ width, height, frames }: GifShape): boolean {
  return frames > 1 && frames <= FRAMES_MAX && Math.max(width, height) <= SIDE_MAX && Math.min(width, height) > 0 && width * height * frames <= PIXELS_MAX;
}
