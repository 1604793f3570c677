import { type ReadonlySignal, useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { appearance } from '../ground/appearance.ts';

const listeners = new WeakMap<Element, (isInSight: boolean) => void>();
let shared: IntersectionObserver | undefined;

/** One for all elements, made when the first one wants to know: parts of pages are also loaded where there is no window. */
function observer(): IntersectionObserver {
  shared ??= new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) listeners.get(target)?.(isIntersecting);
  });
  return shared;
}

/** Whether an element can be seen: what moves rests otherwise. */
export function useInSight(element: RefObject<Element | null>): ReadonlySignal<boolean> {
  const isInSight = useSignal(false);
  useEffect(() => {
    const { current } = element;
    if (!current) return undefined;
    let isIntersecting = false;
    const note = (): void => void (isInSight.value = isIntersecting && !document.hidden);
    listeners.set(current, (value) => {
      isIntersecting = value;
      note();
    });
    observer().observe(current);
    document.addEventListener('visibilitychange', note);
    return () => {
      observer().unobserve(current);
      document.removeEventListener('visibilitychange', note);
    };
  }, []);
  return isInSight;
}

let reduced: MediaQueryList | undefined;

/** Whether the person asked for less motion, of the system or of this browser: then nothing moves by itself. */
export const prefersStill = (): boolean => (reduced ??= matchMedia('(prefers-reduced-motion: reduce)')).matches || !appearance.value.hasAnimations;
