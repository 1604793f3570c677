import type { ComponentChildren, FunctionComponent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { type Signal, signal, useSignal } from '@preact/signals';
import type { FileRef, Sticker } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { useMoves } from './moving.ts';
import { showShared } from './player.ts';
import { PictureSticker, TGS, VideoSticker } from './sticker.tsx';
import { useInSight } from './use-in-sight.ts';

const known = new Map<string, Signal<Sticker | undefined>>();

/** What is drawn for a custom emoji, once it is known. Each is asked for once. */
export function customEmoji(id: string): Signal<Sticker | undefined> {
  const before = known.get(id);
  if (before) return before;
  const fresh = signal<Sticker | undefined>(undefined);
  known.set(id, fresh);
  ask('stickers.emoji', { id }).then(
    (found) => (fresh.value = found),
    () => known.delete(id),
  );
  return fresh;
}

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

/** A custom emoji within a text. */
export const CustomEmoji: FunctionComponent<{ id: string; side?: number; children: ComponentChildren }> = ({ id, side = 48, children }) => (
  <LiveEmoji sticker={customEmoji(id).value} side={side} class="custom-emoji">
    {children}
  </LiveEmoji>
);
