// The player of animated stickers, loaded with the first of them. What it gets was checked by the worker: shapes alone.
import type { AnimationConfigWithData } from 'lottie-web';
import lottie from 'lottie-web/build/player/lottie_light_canvas.min.js';

/** Pictures of an animation on a canvas that is not on the page. */
export interface DrawnFrames {
  /** What is drawn now. */
  canvas: HTMLCanvasElement;
  setMoving(isMoving: boolean): void;
  destroy(): void;
}

/**
 * Draws an animation apart from the page, so that its pictures can be copied to several places. It rests at its first one.
 * @param json that was checked
 * @param side of the canvas, in pixels
 * @param onFrame is called after each picture
 */
export function drawFrames(json: string, side: number, onFrame: () => void): DrawnFrames {
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  const item = lottie.loadAnimation({
    renderer: 'canvas',
    loop: true,
    autoplay: false,
    animationData: JSON.parse(json) as unknown,
    rendererSettings: { context: canvas.getContext('2d')!, dpr: 1, clearCanvas: true, preserveAspectRatio: 'xMidYMid meet' },
  } as unknown as AnimationConfigWithData<'canvas'>);
  let isMoving = false;
  item.addEventListener('drawnFrame', onFrame);
  const follow = (): void => (isMoving ? item.play() : item.goToAndStop(item.currentFrame, true));
  item.addEventListener('DOMLoaded', follow);
  return {
    canvas,
    setMoving(wanted) {
      if (isMoving === wanted) return;
      isMoving = wanted;
      if (item.isLoaded) follow();
    },
    destroy: () => item.destroy(),
  };
}

/** Something thrown on the page. */
export type DrawnFall = Pick<DrawnAnimation, 'destroy'>;

/**
 * Draws how something falls into a place. At its end it lies there.
 * @param json that was checked
 * @param how whether it is played, and again and again; otherwise it lies there at once
 */
export function drawFall(place: HTMLElement, json: string, { isPlayed, isLooped }: { isPlayed: boolean; isLooped: boolean }): DrawnFall {
  const item = lottie.loadAnimation({
    container: place,
    renderer: 'canvas',
    loop: isLooped,
    autoplay: false,
    animationData: JSON.parse(json) as unknown,
    rendererSettings: { clearCanvas: true, preserveAspectRatio: 'xMidYMid meet' },
  });
  item.addEventListener('DOMLoaded', () => (isPlayed ? item.goToAndPlay(0, true) : item.goToAndStop(isLooped ? 0 : item.totalFrames - 1, true)));
  return { destroy: () => item.destroy() };
}

/** An animated sticker on the page. */
export interface DrawnAnimation {
  play(): void;
  pause(): void;
  destroy(): void;
}

/**
 * Draws an animation into a place, resting at its first frame.
 * @param json that was checked
 * @param onBroken is called if it cannot be drawn
 * @param onEnd plays it only once, and is called then
 */
export function drawAnimation(place: HTMLElement, json: string, onBroken: () => void, onEnd?: () => void): DrawnAnimation {
  const item = lottie.loadAnimation({
    container: place,
    renderer: 'canvas',
    loop: onEnd === undefined,
    autoplay: false,
    animationData: JSON.parse(json) as unknown,
    rendererSettings: { clearCanvas: true, preserveAspectRatio: 'xMidYMid meet' },
  });
  item.addEventListener('error', onBroken);
  item.addEventListener('data_failed', onBroken);
  if (onEnd) item.addEventListener('complete', onEnd);
  let isPlayed = onEnd !== undefined;
  // The first picture is shown before it moves, and stays where less motion is wanted. `play` may have been called before the file was loaded.
  item.addEventListener('DOMLoaded', () => (isPlayed ? item.goToAndPlay(0, true) : item.goToAndStop(0, true)));
  return {
    play() {
      isPlayed = true;
      item.play();
    },
    pause() {
      isPlayed = false;
      item.pause();
    },
    destroy: () => item.destroy(),
  };
}
