/** How a picture is moved and enlarged: first moved by x and y pixels, from the middle of its place. */
export interface Zoom {
  scale: number;
  x: number;
  y: number;
}

export interface Point {
  x: number;
  y: number;
}

export const SCALE_MAX = 8;
/** One press of a button or key. */
export const SCALE_STEP = 1.5;

export const NO_ZOOM: Zoom = { scale: 1, x: 0, y: 0 };

/**
 * Enlarges so that what is under a point stays there, and never less than fills the place. Pure.
 * @param factor by which it gets larger
 * @param at the point, from the middle of the place
 */
export function zoomAt({ scale, x, y }: Zoom, factor: number, at: Point = { x: 0, y: 0 }): Zoom {
  const next = Math.min(SCALE_MAX, Math.max(1, scale * factor));
  if (next === 1) return NO_ZOOM;
  const grown = next / scale;
  return { scale: next, x: at.x - (at.x - x) * grown, y: at.y - (at.y - y) * grown };
}

/** Moves a picture, but not out of its place. Pure. @param size of the picture before it is enlarged, and of the place */
export function moveBy({ scale, x, y }: Zoom, by: Point, { picture, place }: Record<'picture' | 'place', { width: number; height: number }>): Zoom {
  const limit = (length: number, room: number): number => Math.max(0, (length * scale - room) / 2);
  const [right, bottom] = [limit(picture.width, place.width), limit(picture.height, place.height)];
  return { scale, x: Math.min(right, Math.max(-right, x + by.x)), y: Math.min(bottom, Math.max(-bottom, y + by.y)) };
}
