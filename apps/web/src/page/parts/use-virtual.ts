import { elementScroll, observeElementOffset, observeElementRect, Virtualizer, type VirtualizerOptions } from '@tanstack/virtual-core';
import { useLayoutEffect, useReducer, useState } from 'preact/hooks';

/** What a list has to say; scrolling and measuring are the same for all. */
export type VirtualList = Pick<
  VirtualizerOptions<HTMLElement, HTMLElement>,
  'count' | 'getScrollElement' | 'estimateSize' | 'getItemKey' | 'anchorTo' | 'followOnAppend' | 'overscan' | 'paddingStart' | 'paddingEnd' | 'scrollPaddingStart'
> & { onScroll?(list: Virtualizer<HTMLElement, HTMLElement>): void };

/** Draws only the rows of a long list that can be seen. */
export function useVirtual({ onScroll, ...options }: VirtualList): Virtualizer<HTMLElement, HTMLElement> {
  const [, draw] = useReducer((count: number, _: void) => count + 1, 0);
  const full: VirtualizerOptions<HTMLElement, HTMLElement> = {
    ...options,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: (list) => {
      draw();
      onScroll?.(list);
    },
  };
  const [list] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(full));
  list.setOptions(full);
  useLayoutEffect(() => list._didMount(), []);
  useLayoutEffect(() => list._willUpdate());
  return list;
}
