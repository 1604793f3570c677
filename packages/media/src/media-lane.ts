import type { Metrics } from '@aerogram/runtime';

import { isGif } from './gif-shape.ts';
import { AVATAR_BYTES_MAX, type AvatarResult, type AvatarTask } from './make-avatar.ts';
import { createMediaMetrics, type LaneMetrics } from './lane-metrics.ts';
import { type GifPicture, type MediaDescription, type MediaFacts, type MediaResult, type MediaTask, TAG_MAX } from './media-result.ts';
import { detectMediaType, detectProbedType, MEDIA_TYPE_BYTES } from './media-type.ts';
import { ProcessLane, type ProcessLaneOptions, TaskRank } from './process-lane.ts';
import type { Busy } from './protocol.ts';
import type { ReadRange } from './worker-process.ts';

/**
 * What became of an audio or video file. `picture`: it is a GIF file of which no video was made. `other`: it is no such file. `unreadable`: it is damaged, or could not be read within the
 * limits. `unavailable`: nothing is known about it, because mediabunny cannot be loaded here, or there is no ffprobe for a type that mediabunny does not know.
 */
export type MediaLaneResult = ({ outcome: 'read' } & MediaDescription) | ({ outcome: 'picture' } & GifPicture) | { outcome: 'other' | 'unreadable' | 'unavailable' } | Busy;

/** What became of a video for a profile. `unavailable`: nothing is known about it, because mediabunny cannot be loaded here. */
export type AvatarLaneResult = AvatarResult | { outcome: 'unavailable' } | Busy;

/** Options of a {@link MediaLane}. */
export type MediaLaneOptions = Omit<ProcessLaneOptions, 'metrics' | 'names'> & { metrics: Metrics };

/** Reads audio and video files in processes of its own. */
export class MediaLane implements AsyncDisposable {
  readonly #metrics: LaneMetrics;
  readonly #lane: ProcessLane<MediaTask | AvatarTask, MediaResult | AvatarResult>;

  constructor(options: MediaLaneOptions) {
    this.#metrics = createMediaMetrics(options.metrics);
    this.#lane = new ProcessLane({ ...options, metrics: this.#metrics, names: { library: 'mediabunny', task: 'reads audio and video' } });
  }

  /**
   * Finds out what an audio or video file says about itself, and makes its picture or its waveform, or a video of a GIF file.
   * @param account whose turn it takes, and who pays for the CPU time
   * @param file.read its errors are passed on
   */
  async describe(account: bigint, { size, read, wants }: MediaTask & { read: ReadRange }): Promise<MediaLaneResult> {
    const head = await read(0, Math.min(size, MEDIA_TYPE_BYTES));
    const isGifFile = isGif(head);
    if (detectMediaType(head) === undefined && detectProbedType(head) === undefined && !isGifFile) return { outcome: 'other' };
    // Somebody waits to listen to a voice message, while a GIF file does without a conversion.
    const rank = isGifFile && wants.animation ? TaskRank.long : wants.waveform ? TaskRank.urgent : TaskRank.usual;
    const result = await this.#lane.run({ account, rank, prepare: () => Promise.resolve({ size, wants }), read });
    const isUsable = result.outcome === 'busy' || result.outcome === 'unavailable' || result.outcome === 'picture' || (result.outcome === 'read' && hasShortTags(result.facts));
    const known: MediaLaneResult = isUsable ? result : { outcome: 'unreadable' };
    this.#metrics.results.inc({ result: known.outcome === 'picture' ? 'read' : known.outcome });
    return known;
  }

  /**
   * Checks a video for a profile, copies its pictures, and makes a photo of one of them.
   * @param account whose turn it takes, and who pays for the CPU time
   * @param file.read its errors are passed on
   */
  async makeAvatar(account: bigint, { size, read, avatar }: AvatarTask & { read: ReadRange }): Promise<AvatarLaneResult> {
    const head = await read(0, Math.min(size, MEDIA_TYPE_BYTES));
    if (size > AVATAR_BYTES_MAX || detectMediaType(head) !== 'mp4') return { outcome: 'unreadable' };
    const result = await this.#lane.run({ account, rank: TaskRank.long, prepare: () => Promise.resolve({ size, avatar }), read });
    const known: AvatarLaneResult = result.outcome === 'crashed' || result.outcome === 'read' || result.outcome === 'picture' ? { outcome: 'unreadable' } : result;
    this.#metrics.results.inc({ result: known.outcome === 'made' || known.outcome === 'frameless' ? 'read' : known.outcome });
    return known;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#lane[Symbol.asyncDispose]();
  }
}

/** Whether title and performer are as short as the process has to make them. A hostile file may have taken over the process, so it is not trusted. */
function hasShortTags({ title, performer }: MediaFacts): boolean {
  return [title, performer].every((tag) => tag === undefined || (typeof tag === 'string' && tag.length <= TAG_MAX));
}
