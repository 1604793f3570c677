import type { FunctionComponent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { ask } from '../ground/link.ts';
import type { DrawnAnimation } from '../motion/draw-animation.ts';

/** Plays the animation of a reaction once, above its glyph. */
export const ReactionEffect: FunctionComponent<{ emoji: string; onEnd(): void }> = ({ emoji, onEnd }) => {
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let drawn: DrawnAnimation | undefined;
    let isGone = false;
    // The player must not be destroyed while it tells of its end.
    const end = (): void => void setTimeout(onEnd);
    const play = async (): Promise<void> => {
      const file = await ask('reactions.animation', { emoji });
      if (!file) return end();
      const [json, { drawAnimation }] = await Promise.all([ask('files.animation', { file }), import('../motion/draw-animation.ts')]);
      if (isGone) return;
      drawn = drawAnimation(place.current!, json, end, end);
    };
    play().catch(end);
    return () => {
      isGone = true;
      drawn?.destroy();
    };
  }, []);
  return <span ref={place} class="reaction-effect" aria-hidden="true" />;
};
