import type { MediaFacts, MediaResult, MediaTask } from './media-result.ts';
import { makePictureWithFfmpeg } from './media-extras.ts';
import type { MediaTools } from './media-tools.ts';
import type { ProbedType } from './media-type.ts';
import { runFfprobe } from './run-ffmpeg.ts';
import type { ReadRange } from './worker-process.ts';

/** How much of the beginning of a file ffprobe gets, in bytes. */
const PROBED_BYTES = 8 * 1024 * 1024;
/** The most bytes that ffprobe may answer. */
const ANSWER_MAX = 256 * 1024;
/** What ffprobe is to say. */
const SHOWN = 'stream=codec_type,codec_name,width,height,sample_aspect_ratio:stream_disposition=attached_pic:stream_side_data=rotation:format=duration';

/** The longest duration that is believed, in seconds: a file whose writer did not finish its header may say anything. */
const DURATION_S_MAX = 7 * 86_400;

/** Types whose header says how long the file lasts. That of the others is the duration of the part that ffprobe has got. */
const TIMED: ReadonlySet<ProbedType> = new Set(['avi', 'asf', 'flv', 'aiff']);

/** What ffprobe says of a stream, as far as it is looked at. */
interface ProbedStream {
  codec_type?: unknown;
  codec_name?: unknown;
  width?: unknown;
  height?: unknown;
  sample_aspect_ratio?: unknown;
  disposition?: { attached_pic?: unknown };
  side_data_list?: { rotation?: unknown }[];
}

/** Reads a file that mediabunny does not know, with ffprobe and ffmpeg, which get its beginning. */
export async function probeFile(tools: MediaTools, type: ProbedType, { size, wants }: MediaTask, read: ReadRange): Promise<MediaResult> {
  if (!tools.hasFfprobe) return { outcome: 'unavailable' };
  const input = await read(0, Math.min(size, PROBED_BYTES));
  const answer = await runFfprobe({ format: type, input, outputMax: ANSWER_MAX }, SHOWN);
  const facts = answer && factsIn(answer, type, size <= PROBED_BYTES || TIMED.has(type));
  if (facts === undefined) return { outcome: 'unreadable' };
  const picture = wants.picture && facts.video !== undefined ? await makePictureWithFfmpeg(tools, { format: type, input, shape: facts.video }).catch(() => undefined) : undefined;
  return { outcome: 'read', facts, picture, waveform: undefined };
}

/** What ffprobe says of a file. @returns undefined if it says nothing of audio or video */
function factsIn(answer: Uint8Array, type: ProbedType, knowsDuration: boolean): MediaFacts | undefined {
  const { streams = [], format = {} } = JSON.parse(Buffer.from(answer).toString()) as { streams?: ProbedStream[]; format?: { duration?: unknown } };
  const video = streams.find((one) => one.codec_type === 'video' && one.disposition?.attached_pic !== 1);
  const hasSound = streams.some((one) => one.codec_type === 'audio');
  const shape = video && shapeOf(video);
  if (shape === undefined && (video !== undefined || !hasSound)) return undefined;
  const durationS = Number(format.duration);
  return {
    type,
    video: shape,
    codec: typeof video?.codec_name === 'string' ? video.codec_name : undefined,
    soundCodec: undefined,
    hasSound,
    durationS: knowsDuration && format.duration !== undefined && durationS >= 0 && durationS <= DURATION_S_MAX ? durationS : undefined,
    isStreamable: false,
    title: undefined,
    performer: undefined,
  };
}

/** The sides of a video as it is shown: turned, and with square pixels. @returns undefined if it says none */
function shapeOf({ width, height, sample_aspect_ratio: ratio, side_data_list: sides }: ProbedStream): { width: number; height: number } | undefined {
  if (typeof width !== 'number' || typeof height !== 'number' || width < 1 || height < 1) return undefined;
  const [across, down] = /^(\d{1,6}):(\d{1,6})$/.exec(typeof ratio === 'string' ? ratio : '')?.slice(1).map(Number) ?? [1, 1];
  const shown = across! > 0 && down! > 0 ? Math.max(1, Math.round((width * across!) / down!)) : width;
  const rotation = Number(sides?.find((one) => one.rotation !== undefined)?.rotation ?? 0);
  return Math.abs(rotation) % 180 === 90 ? { width: height, height: shown } : { width: shown, height };
}
