import type { Metrics } from '@aerogram/runtime';

import { GZIP_HEAD_BYTES, isGzip } from './gzip.ts';
import { createPhotoMetrics, type LaneMetrics } from './lane-metrics.ts';
import { PATTERN_BYTES_MAX } from './pattern.ts';
import { detectPictureType, TYPE_BYTES } from './picture-type.ts';
import { ProcessLane, type ProcessLaneOptions } from './process-lane.ts';
import type { Backdrop, Busy, PhotoResult, PhotoTask, PhotoUse, ShapeResult, ShapeTask } from './protocol.ts';
import { ANIMATION_BYTES_MAX } from './sticker-shape.ts';
import type { ReadRange } from './worker-process.ts';

/** What became of a photo. `unavailable`: sharp cannot be loaded here. */
export type PhotoLaneResult = PhotoResult | Busy | { outcome: 'unavailable' };

/** What became of a pattern or an animated sticker. `unavailable`: sharp cannot be loaded here. */
export type ShapeLaneResult = ShapeResult | Busy | { outcome: 'unavailable' };

/** Options of a {@link PhotoLane}. */
export type PhotoLaneOptions = Omit<ProcessLaneOptions, 'metrics' | 'names'> & { metrics: Metrics };

/** The longest files that are looked into, in bytes. */
const SHAPE_BYTES_MAX = { pattern: PATTERN_BYTES_MAX, animation: ANIMATION_BYTES_MAX, set_animation: ANIMATION_BYTES_MAX };

/** Makes photos, and looks into patterns and animated stickers, in processes of its own. */
export class PhotoLane implements AsyncDisposable {
  readonly #metrics: LaneMetrics;
  readonly #lane: ProcessLane<PhotoTask | ShapeTask, PhotoResult | ShapeResult>;

  constructor(options: PhotoLaneOptions) {
    this.#metrics = createPhotoMetrics(options.metrics);
    this.#lane = new ProcessLane({ ...options, metrics: this.#metrics, names: { library: 'sharp', task: 'makes photos' } });
  }

  /** Number of photos that wait for their turn. */
  get waiting(): number {
    return this.#lane.waiting;
  }

  /**
   * Makes the sizes of a photo.
   * @param account whose turn it takes, and who pays for the CPU time
   * @param use what the photo is for
   * @param read `read(n)` returns the first n bytes of the file and is called at once; `read()` returns the whole file and is called when the turn of the photo has come. Its errors are passed on
   * @param backdrop for a profile: what is drawn behind the picture
   */
  async make(account: bigint, use: PhotoUse, read: (length?: number) => Promise<Uint8Array>, backdrop?: Backdrop): Promise<PhotoLaneResult> {
    const isPicture = detectPictureType(await read(TYPE_BYTES)) !== undefined;
    const result: PhotoLaneResult = isPicture ? await this.#run(account, read, { use, backdrop }) : { outcome: 'refused', reason: 'type' };
    this.#metrics.results.inc({ result: result.outcome === 'refused' ? result.reason : result.outcome });
    return result;
  }

  /**
   * Looks into a pattern, the SVG file of a wallpaper, or into an animated sticker. Both are compressed with gzip.
   * @param account whose turn it takes, and who pays for the CPU time
   * @param file.read its errors are passed on
   */
  async readShape(account: bigint, { shapeOf, size, read }: Omit<ShapeTask, 'bytes'> & { size: number; read: ReadRange }): Promise<ShapeLaneResult> {
    const mayBe = size <= SHAPE_BYTES_MAX[shapeOf] && isGzip(await read(0, Math.min(size, GZIP_HEAD_BYTES)));
    const result = mayBe ? await this.#lane.run({ account, prepare: async () => ({ shapeOf, bytes: await read(0, size) }) }) : undefined;
    const isKnown = result?.outcome === 'allowed' || result?.outcome === 'busy' || result?.outcome === 'unavailable';
    const known: ShapeLaneResult = isKnown ? result : { outcome: 'refused', reason: 'unreadable' };
    this.#metrics.results.inc({ result: known.outcome === 'refused' ? known.reason : known.outcome === 'allowed' ? 'made' : known.outcome });
    return known;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#lane[Symbol.asyncDispose]();
  }

  async #run(account: bigint, read: () => Promise<Uint8Array>, wanted: Omit<PhotoTask, 'bytes'>): Promise<PhotoLaneResult> {
    const result = await this.#lane.run({ account, prepare: async () => ({ bytes: await read(), ...wanted }) });
    return result.outcome === 'crashed' || result.outcome === 'allowed' ? { outcome: 'refused', reason: 'unreadable' } : result;
  }
}
