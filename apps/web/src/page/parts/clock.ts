import { signal } from '@preact/signals';
import { nowSeconds } from './dates.ts';

/** How often what depends on the time is drawn again, in milliseconds. */
const STEP_MS = 20_000;

/** Seconds since 1970, as of a moment ago. Who reads it while drawing is drawn again as time passes. */
export const clock = signal(nowSeconds());

setInterval(() => {
  if (!document.hidden) clock.value = nowSeconds();
}, STEP_MS);
document.addEventListener('visibilitychange', () => (clock.value = nowSeconds()));
