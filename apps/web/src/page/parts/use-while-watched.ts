import { useEffect, useRef } from 'preact/hooks';

/** Does something again and again while the window has the focus, and when it gets it. @param everyMs in milliseconds */
export function useWhileWatched(act: () => void, everyMs: number): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const onFocus = (): void => latest.current();
    const timer = setInterval(() => document.hasFocus() && latest.current(), everyMs);
    addEventListener('focus', onFocus);
    return () => {
      clearInterval(timer);
      removeEventListener('focus', onFocus);
    };
  }, [everyMs]);
}
