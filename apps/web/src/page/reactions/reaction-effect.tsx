import type { FunctionComponent } from 'preact';
import { ask } from '../ground/link.ts';
import { PlayOnce } from '../motion/play-once.tsx';

/** Plays the animation of a reaction once, above its glyph. */
export const ReactionEffect: FunctionComponent<{ emoji: string; onEnd(): void }> = ({ emoji, onEnd }) => (
  <PlayOnce class="reaction-effect" find={() => ask('reactions.animation', { emoji })} onEnd={onEnd} />
);
