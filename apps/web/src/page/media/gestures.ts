import type { Signal } from '@preact/signals';
import { moveBy, NO_ZOOM, type Point, type Zoom, zoomAt } from './zoom.ts';

/** How far a finger moves to go on or to close, in pixels. */
const SWIPE = { aside: 60, down: 110 };
/** A shorter way is a press. */
const PRESS = 8;

const DOUBLE_SCALE = 2.5;
const WHEEL_STEP = 0.0022;

export interface GestureTargets {
  place: HTMLElement;
  zoom: Signal<Zoom>;
  /** How far the picture is dragged while it is not enlarged. */
  drag: Signal<Point>;
  /** The picture in it, whose size bounds its way. */
  picture(): HTMLElement | null;
  /** Whether it was turned by a quarter, so that its width is a height. */
  isOnSide(): boolean;
  move(step: 1 | -1): void;
  close(): void;
}

/** Follows pointers and wheel in the viewer: two fingers or the wheel enlarge, one finger moves, goes on or closes. @returns what ends it */
export function followGestures({ place, zoom, drag, picture, isOnSide, move, close }: GestureTargets): () => void {
  const pointers = new Map<number, Point>();
  let start: Point | undefined;
  const fromMiddle = ({ x, y }: Point): Point => {
    const { left, top, width, height } = place.getBoundingClientRect();
    return { x: x - left - width / 2, y: y - top - height / 2 };
  };
  const shift = (by: Point): void => {
    const shown = picture();
    if (!shown) return;
    const [width, height] = isOnSide() ? [shown.offsetHeight, shown.offsetWidth] : [shown.offsetWidth, shown.offsetHeight];
    zoom.value = moveBy(zoom.value, by, { picture: { width, height }, place: { width: place.clientWidth, height: place.clientHeight } });
  };
  const isControl = (target: EventTarget | null): boolean => target instanceof HTMLVideoElement || (target instanceof Element && target.closest('button, a') !== null);

  const onDown = (event: PointerEvent): void => {
    if (isControl(event.target)) return;
    place.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    start = pointers.size === 1 ? { x: event.clientX, y: event.clientY } : undefined;
  };
  const onMove = (event: PointerEvent): void => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const [other] = [...pointers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    pointers.set(event.pointerId, now);
    if (other) {
      const distance = (point: Point): number => Math.hypot(point.x - other.x, point.y - other.y);
      zoom.value = zoomAt(zoom.value, distance(now) / Math.max(1, distance(before)), fromMiddle({ x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 }));
      shift({ x: (now.x - before.x) / 2, y: (now.y - before.y) / 2 });
    } else if (zoom.value.scale > 1) shift({ x: now.x - before.x, y: now.y - before.y });
    else if (start && event.pointerType === 'touch') {
      const [x, y] = [now.x - start.x, now.y - start.y];
      // One way at a time: aside, or down.
      drag.value = Math.abs(x) > Math.abs(y) ? { x, y: 0 } : { x: 0, y: Math.max(0, y) };
    }
  };
  const onUp = (event: PointerEvent): void => {
    if (!pointers.delete(event.pointerId)) return;
    const { x, y } = drag.value;
    drag.value = { x: 0, y: 0 };
    if (event.type === 'pointercancel') return;
    if (x < -SWIPE.aside) move(1);
    else if (x > SWIPE.aside) move(-1);
    else if (y > SWIPE.down) close();
    else if (start && event.target === place && picture()?.contains(document.elementFromPoint(event.clientX, event.clientY)) === false && Math.hypot(event.clientX - start.x, event.clientY - start.y) < PRESS) close();
  };
  const onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    zoom.value = zoomAt(zoom.value, Math.exp(-event.deltaY * WHEEL_STEP), fromMiddle({ x: event.clientX, y: event.clientY }));
    shift({ x: 0, y: 0 });
  };
  const onDouble = (event: MouseEvent): void => {
    if (isControl(event.target)) return;
    zoom.value = zoom.value.scale > 1 ? NO_ZOOM : zoomAt(zoom.value, DOUBLE_SCALE, fromMiddle({ x: event.clientX, y: event.clientY }));
  };

  place.addEventListener('pointerdown', onDown);
  place.addEventListener('pointermove', onMove);
  place.addEventListener('pointerup', onUp);
  place.addEventListener('pointercancel', onUp);
  place.addEventListener('wheel', onWheel, { passive: false });
  place.addEventListener('dblclick', onDouble);
  return () => {
    place.removeEventListener('pointerdown', onDown);
    place.removeEventListener('pointermove', onMove);
    place.removeEventListener('pointerup', onUp);
    place.removeEventListener('pointercancel', onUp);
    place.removeEventListener('wheel', onWheel);
    place.removeEventListener('dblclick', onDouble);
  };
}
