import type { ComponentChildren, FunctionComponent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { type Signal, signal, useSignal } from '@preact/signals';
import type { FileRef, Sticker } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { useMoves } from './moving.ts';
import { showShared } from './player.ts';
import { PictureSticker, TGS, VideoSticker } from './sticker.tsx';
import { useInSight } from './use-in-sight.ts';

/** Height of a custom emoji at most, in pixels. */
const CUSTOM_SIDE = 48;

/** Emoji whose drawings are remembered. */
const KNOWN_MAX = 3000;

const known = new Map<string, Signal<Sticker | undefined>>();

/** What is drawn for an emoji, once it is known. Each is asked for once. */
function drawingOf(key: string, load: () => Promise<Sticker | undefined>): Signal<Sticker | undefined> {
  const before = known.get(key);
  if (before) return before;
  const fresh = signal<Sticker | undefined>(undefined);
  known.set(key, fresh);
  for (const oldest of [...known.keys()].slice(0, -KNOWN_MAX)) known.delete(oldest);
  load().then(
    (found) => (fresh.value = found),
    () => known.delete(key),
  );
  return fresh;
}

/** What is drawn for a custom emoji, once it is known. */
export const customEmoji = (id: string): Signal<Sticker | undefined> => drawingOf(id, () => ask('stickers.emoji', { id }));

/** What moves in the place of an emoji that is a message by itself, once it is known. */
const animatedEmoji = (emoji: string): Signal<Sticker | undefined> => drawingOf(`alone ${emoji}`, () => ask('stickers.animated', { emoji }));

interface LiveEmojiProps {
  /** What is drawn in its place; undefined until it is known. */
  sticker: Sticker | undefined;
  /** Its height, in pixels of the page at most. */
  side: number;
  class?: string;
  /** The plain emoji. It stays what is read, copied and measured. */
  children: ComponentChildren;
}

/** An emoji with a drawing in its place, which moves while it can be seen. */
export const LiveEmoji: FunctionComponent<LiveEmojiProps> = ({ sticker, side, class: className = '', children }) => {
  const place = useRef<HTMLSpanElement>(null);
  const isInSight = useInSight(place);
  const isDrawn = useSignal(false);
  const isShown = sticker !== undefined && (isDrawn.value || isInSight.value);
  return (
    <span ref={place} class={`live-emoji ${className}${isDrawn.value ? ' is-drawn' : ''}`}>
      {children}
      {isShown && <Drawing key={sticker.document.id} sticker={sticker} side={side} isInSight={isInSight.value} onDrawn={() => (isDrawn.value = true)} />}
    </span>
  );
};

interface DrawingProps {
  sticker: Sticker;
  side: number;
  isInSight: boolean;
  onDrawn(): void;
}

const Drawing: FunctionComponent<DrawingProps> = ({ sticker: { document, isTinted = false }, side, isInSight, onDrawn }) => {
  const { id, mime, preview } = document;
  const file: FileRef = { of: 'sticker', file: id, size: '' };
  if (mime === TGS) return <Canvas file={file} side={side} isInSight={isInSight} isTinted={isTinted} onDrawn={onDrawn} />;
  return (
    <span class="live-emoji-picture" aria-hidden="true">
      {mime.startsWith('video/') ? <VideoSticker file={file} isInSight={isInSight} onBroken={() => undefined} onDrawn={onDrawn} /> : <PictureSticker file={file} isInSight={isInSight} preview={preview} isTinted={isTinted} onBroken={() => undefined} onDrawn={onDrawn} />}
    </span>
  );
};

const Canvas: FunctionComponent<{ file: FileRef; side: number; isInSight: boolean; isTinted: boolean; onDrawn(): void }> = ({ file, side, isInSight, isTinted, onDrawn }) => {
  const canvas = useRef<HTMLCanvasElement>(null);
  const shown = useRef<ReturnType<typeof showShared> | undefined>(undefined);
  const moves = useMoves(isInSight);
  const pixels = Math.round(side * Math.min(2, Math.max(1, devicePixelRatio)));
  useEffect(() => {
    shown.current = showShared(file, canvas.current!, { isTinted, onDrawn });
    return () => shown.current?.remove();
  }, []);
  useEffect(() => shown.current?.setMoving(moves.value), [moves.value]);
  return <canvas ref={canvas} class="live-emoji-picture" width={pixels} height={pixels} aria-hidden="true" />;
};

/** Only the drawing of a custom emoji, for a place that has the plain one already. */
export const EmojiOverlay: FunctionComponent<{ id: string; onDrawn(): void }> = ({ id, onDrawn }) => {
  const place = useRef<HTMLSpanElement>(null);
  const isInSight = useInSight(place);
  const sticker = customEmoji(id).value;
  return (
    <span ref={place} class="live-emoji-whole">
      {sticker && <Drawing sticker={sticker} side={CUSTOM_SIDE} isInSight={isInSight.value} onDrawn={onDrawn} />}
    </span>
  );
};

/** Height of an emoji that is a message by itself, in pixels. */
const ALONE_SIDE = 112;

/** An emoji that is a message by itself: it is large, and moves if the server has a drawing for it. */
export const EmojiAlone: FunctionComponent<{ emoji: string }> = ({ emoji }) => (
  <LiveEmoji sticker={animatedEmoji(emoji).value} side={ALONE_SIDE} class="emoji-alone">
    <span class="live-emoji-text">{emoji}</span>
  </LiveEmoji>
);

/** A custom emoji within a text. */
export const CustomEmoji: FunctionComponent<{ id: string; side?: number; children: ComponentChildren }> = ({ id, side = CUSTOM_SIDE, children }) => (
  <LiveEmoji sticker={customEmoji(id).value} side={side} class="custom-emoji">
    {children}
  </LiveEmoji>
);
