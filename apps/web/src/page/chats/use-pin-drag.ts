import { useSignal } from '@preact/signals';
import type { HTMLAttributes, RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ListName, PeerId } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { attempt } from '../parts/notice.tsx';
import { isSameOrder, movePin } from './pins.ts';

/** A pressed mouse that moves farther drags, in pixels. */
const STILL_PX = 6;

interface PinDragOptions {
  list: ListName;
  /** The pinned chats, which stand first, in their order. */
  pins: PeerId[];
  /** Height of a row, in pixels. */
  row: number;
  scroller: RefObject<HTMLElement | null>;
}

type Handlers = Pick<HTMLAttributes<HTMLElement>, 'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onPointerCancel' | 'onKeyDownCapture' | 'onClickCapture'>;

interface PinDrag {
  /** The pinned chats in the order to show. */
  pins: PeerId[];
  /** The chat that is being dragged, and where its row begins, in pixels from the top of the list. */
  dragged?: { peer: PeerId; top: number };
  handlers: Handlers;
}

/** Lets pinned chats be dragged by the mouse into another order. Fingers scroll; for them and for the keyboard, the menu of a chat moves it. */
export function usePinDrag({ list, pins: told, row, scroller }: PinDragOptions): PinDrag {
  const press = useRef<{ peer: PeerId; y: number; scroll: number } | undefined>(undefined);
  const wasDragged = useRef(false);
  const dragged = useSignal<{ peer: PeerId; top: number } | undefined>(undefined);
  /** The order in which chats were dropped, until the worker tells it. */
  const dropped = useSignal<{ before: PeerId[]; after: PeerId[] } | undefined>(undefined);

  const isDropped = dropped.value !== undefined && isSameOrder(dropped.value.before, told);
  const pins = isDropped ? dropped.value!.after : told;
  const { value } = dragged;
  const isDragged = value !== undefined && pins.includes(value.peer);
  const shown = isDragged ? movePin(pins, value.peer, Math.round(value.top / row)) : pins;
  useEffect(() => {
    if (dropped.value && !isDropped) dropped.value = undefined;
  });
  const end = (): void => {
    press.current = undefined;
    dragged.value = undefined;
  };
  const drop = (): void => {
    if (isDragged && !isSameOrder(shown, pins)) {
      dropped.value = { before: told, after: shown };
      void attempt(ask('chats.orderPinned', { list, peers: shown })).then((isDone) => !isDone && (dropped.value = undefined));
    }
    end();
  };
  return {
    pins: shown,
    dragged: isDragged ? value : undefined,
    handlers: {
      onPointerDown: ({ target, pointerType, button, clientY }) => {
        wasDragged.current = false;
        end();
        const peer = Number((target as Element).closest<HTMLElement>('[data-peer]')?.dataset.peer);
        if (pointerType !== 'mouse' || button !== 0 || pins.length < 2 || !pins.includes(peer)) return;
        press.current = { peer, y: clientY, scroll: scroller.current?.scrollTop ?? 0 };
      },
      onPointerMove: ({ currentTarget, pointerId, clientY, buttons }) => {
        const { current } = press;
        if (!current) return;
        // The button was let go outside of the window.
        if (buttons === 0) return end();
        const by = clientY - current.y + (scroller.current?.scrollTop ?? 0) - current.scroll;
        if (!dragged.value && Math.abs(by) < STILL_PX) return;
        if (!dragged.value) currentTarget.setPointerCapture(pointerId);
        wasDragged.current = true;
        const top = Math.max(0, Math.min((pins.length - 1) * row, pins.indexOf(current.peer) * row + by));
        dragged.value = { peer: current.peer, top };
      },
      onPointerUp: drop,
      onPointerCancel: end,
      onKeyDownCapture: (event) => {
        if (event.key !== 'Escape' || !dragged.value) return;
        event.preventDefault();
        event.stopPropagation();
        end();
      },
      onClickCapture: (event) => {
        // The mouse that dropped a chat does not also open it.
        if (!wasDragged.current) return;
        wasDragged.current = false;
        event.preventDefault();
        event.stopPropagation();
      },
    },
  };
}
