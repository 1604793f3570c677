import { fileKey, type FileRef } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import type { DrawnFrames } from './draw-animation.ts';

/** A place on the page where an animation is shown. */
export interface Place {
  /** Called when there is a first picture. */
  onDrawn(): void;
  /** Gives the drawing the colour of the canvas. */
  isTinted: boolean;
}

/** Copies a picture to a place. */
function copy(from: HTMLCanvasElement, to: HTMLCanvasElement, isTinted: boolean): void {
  const context = to.getContext('2d');
  if (!context) return;
  const { width, height } = to;
  context.globalCompositeOperation = 'copy';
  context.drawImage(from, 0, 0, width, height);
  if (!isTinted) return;
  context.globalCompositeOperation = 'source-in';
  context.fillStyle = getComputedStyle(to).color;
  context.fillRect(0, 0, width, height);
}

/** One animation, however often it stands on the page: it is drawn once for all places. */
class Shared {
  readonly #places = new Map<HTMLCanvasElement, Place & { isMoving: boolean; isDrawn: boolean }>();
  #frames: DrawnFrames | undefined;
  #isGone = false;

  constructor(file: FileRef, side: number) {
    void this.#start(file, side).catch(() => undefined);
  }

  async #start(file: FileRef, side: number): Promise<void> {
    const [json, { drawFrames }] = await Promise.all([ask('files.animation', { file }), import('./draw-animation.ts')]);
    if (this.#isGone) return;
    this.#frames = drawFrames(json, side, () => this.#show());
    this.#follow();
  }

  #show(): void {
    const { canvas } = this.#frames ?? {};
    if (!canvas) return;
    for (const [element, place] of this.#places) {
      if (!place.isMoving && place.isDrawn) continue;
      copy(canvas, element, place.isTinted);
      if (!place.isDrawn) place.onDrawn();
      place.isDrawn = true;
    }
  }

  add(element: HTMLCanvasElement, place: Place): void {
    this.#places.set(element, { ...place, isMoving: false, isDrawn: false });
    this.#show();
  }

  setMoving(element: HTMLCanvasElement, isMoving: boolean): void {
    const place = this.#places.get(element);
    if (place) place.isMoving = isMoving;
    this.#follow();
  }

  #follow(): void {
    this.#frames?.setMoving([...this.#places.values()].some(({ isMoving }) => isMoving));
  }

  /** @returns whether it stands nowhere any more */
  remove(element: HTMLCanvasElement): boolean {
    this.#places.delete(element);
    if (this.#places.size > 0) return false;
    this.#isGone = true;
    // The player must not be destroyed while it tells of a picture.
    setTimeout(() => this.#frames?.destroy());
    return true;
  }
}

const shared = new Map<string, Shared>();

/** Shows an animation on a canvas, with all others that show the same. @returns how to let it move, and how to take it away */
export function showShared(file: FileRef, canvas: HTMLCanvasElement, place: Place): { setMoving(isMoving: boolean): void; remove(): void } {
  const key = `${fileKey(file)}@${canvas.width}`;
  const animation = shared.get(key) ?? new Shared(file, canvas.width);
  shared.set(key, animation);
  animation.add(canvas, place);
  return {
    setMoving: (isMoving) => animation.setMoving(canvas, isMoving),
    remove: () => {
      if (animation.remove(canvas)) shared.delete(key);
    },
  };
}
