import type { HTMLAttributes } from 'preact';
import { useRef } from 'preact/hooks';
import type { MenuPlace } from './menu.tsx';

/** A finger that stays so long opens a menu, in milliseconds. */
const LONG_MS = 500;
/** A finger that moves farther scrolls, in pixels. */
const STILL_PX = 10;

type Handlers = Pick<HTMLAttributes<HTMLElement>, 'onContextMenu' | 'onKeyDown' | 'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onPointerCancel' | 'onClickCapture'>;

/**
 * Opens a menu by the right button, by Shift+F10, or by a long press where the browser has no gesture of its own for that.
 * @param open gets where the menu belongs: at the pointer, or below the element that has the focus
 */
export function useMenuGestures(open: (place: MenuPlace) => void): Handlers {
  const press = useRef<{ timer: ReturnType<typeof setTimeout>; x: number; y: number } | undefined>(undefined);
  const wasLong = useRef(false);
  const end = (): void => {
    clearTimeout(press.current?.timer);
    press.current = undefined;
  };
  return {
    onContextMenu: (event) => {
      event.preventDefault();
      end();
      if (wasLong.current) return;
      const isByKey = event.clientX === 0 && event.clientY === 0;
      open(isByKey ? event.currentTarget : { x: event.clientX, y: event.clientY });
    },
    onKeyDown: (event) => {
      if (!(event.key === 'F10' && event.shiftKey) && event.key !== 'ContextMenu') return;
      event.preventDefault();
      open(event.currentTarget);
    },
    onPointerDown: ({ pointerType, clientX: x, clientY: y }) => {
      wasLong.current = false;
      if (pointerType !== 'touch') return;
      end();
      const timer = setTimeout(() => {
        wasLong.current = true;
        open({ x, y });
      }, LONG_MS);
      press.current = { timer, x, y };
    },
    onPointerMove: ({ clientX, clientY }) => {
      const { current } = press;
      if (current && Math.hypot(clientX - current.x, clientY - current.y) > STILL_PX) end();
    },
    onPointerUp: end,
    onPointerCancel: end,
    onClickCapture: (event) => {
      // The finger that opened the menu does not also press what is below it.
      if (!wasLong.current) return;
      wasLong.current = false;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}
