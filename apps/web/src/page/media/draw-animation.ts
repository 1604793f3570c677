// The player of animated stickers, loaded with the first of them. What it gets was checked by the worker: shapes alone.
import lottie from 'lottie-web/build/player/lottie_light_canvas.min.js';

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
