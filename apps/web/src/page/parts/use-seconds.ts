import { useEffect, useState } from 'preact/hooks';
import { nowSeconds } from './dates.ts';

/** Seconds since 1970, told anew each second until a moment. @param until the last one, in seconds since 1970 */
export function useSeconds(until: number): number {
  const [now, setNow] = useState(nowSeconds);
  useEffect(() => {
    if (now >= until) return undefined;
    const timer = setTimeout(() => setNow(nowSeconds()), 1000);
    return () => clearTimeout(timer);
  }, [now, until]);
  return Math.min(now, until);
}
