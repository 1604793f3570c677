import type { FunctionComponent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { FileRef } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import type { DrawnAnimation } from './draw-animation.ts';

/** Plays an animation once. What is there when it is put on the page is played; it is not followed. */
export const PlayOnce: FunctionComponent<{ class: string; find(): Promise<FileRef | undefined>; onEnd(): void }> = ({ class: name, find, onEnd }) => {
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let drawn: DrawnAnimation | undefined;
    let isGone = false;
    // The player must not be destroyed while it tells of its end.
    const end = (): void => void setTimeout(onEnd);
    const play = async (): Promise<void> => {
      const file = await find();
      if (!file) return end();
      const [json, { drawAnimation }] = await Promise.all([ask('files.animation', { file }), import('./draw-animation.ts')]);
      if (isGone) return;
      drawn = drawAnimation(place.current!, json, end, end);
    };
    play().catch(end);
    return () => {
      isGone = true;
      drawn?.destroy();
    };
  }, []);
  return <span ref={place} class={name} aria-hidden="true" />;
};
