import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/** A section is drawn when it comes so near to what can be seen, in pixels: drawing all at once would take too long. */
const NEAR = 300;

/** A part of a long list, with its height in pixels, which is known before it is drawn. */
export interface Section {
  name: string;
  height: number;
}

/** Which sections are near what can be seen, and which one is the first of them. Pure. */
export function findNear(sections: readonly Section[], { scrollTop, clientHeight }: Pick<Element, 'scrollTop' | 'clientHeight'>): { near: Set<string>; first: string | undefined } {
  let top = 0;
  const near = new Set<string>();
  let first: string | undefined;
  for (const { name, height } of sections) {
    const bottom = top + height;
    if (bottom > scrollTop - NEAR && top < scrollTop + clientHeight + NEAR) near.add(name);
    if (first === undefined && bottom > scrollTop + 1) first = name;
    top = bottom;
  }
  return { near, first };
}

interface Sections {
  isNear(name: string): boolean;
  /** The first one that can be seen. */
  current: string | undefined;
  /** To be called when the list was scrolled. */
  look(): void;
  goTo(name: string): void;
}

/** Draws only those sections of a long list that are near what can be seen. @param isShown whether the list is there */
export function useSections(scroller: RefObject<HTMLElement | null>, sections: readonly Section[], isShown: boolean): Sections {
  const near = useSignal<ReadonlySet<string>>(new Set());
  const current = useSignal<string | undefined>(undefined);
  const look = (): void => {
    if (!scroller.current) return;
    const found = findNear(sections, scroller.current);
    if (found.near.size !== near.value.size || [...found.near].some((name) => !near.value.has(name))) near.value = found.near;
    current.value = found.first;
  };
  useEffect(() => {
    const tab = scroller.current?.parentElement?.querySelector('[role="tab"][aria-selected="true"]');
    tab?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
  }, [current.value]);
  useEffect(look, [sections.map(({ name, height }) => `${name} ${height}`).join(), isShown]);
  return {
    isNear: (name) => near.value.has(name),
    current: current.value,
    look,
    goTo: (name) => {
      const before = sections.slice(0, sections.findIndex((section) => section.name === name));
      requestAnimationFrame(() => scroller.current?.scrollTo({ top: before.reduce((sum, { height }) => sum + height, 0) }));
    },
  };
}
