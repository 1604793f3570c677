import type { FunctionComponent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { FileRef } from '../../protocol/index.ts';
import { fileKey } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import type { DrawnAnimation } from './draw-animation.ts';
import { useMoves } from './moving.ts';
import { useBlob } from './use-blob.ts';
import { useInSight } from './use-in-sight.ts';
import { usePicture } from './use-picture.ts';

/** What an animated sticker is called. */
export const TGS = 'application/x-tgsticker';

export interface StickerProps {
  file: FileRef;
  mime: string;
  preview?: Uint8Array;
  /** The longer side, in pixels. */
  side: number;
  width?: number;
  height?: number;
  /** One of many: it is loaded when it comes into sight, and dropped when it leaves it. */
  isLazy?: boolean;
}

/** A sticker: a picture, a video without sound, or an animation. What moves rests while it cannot be seen. */
export const Sticker: FunctionComponent<StickerProps> = ({ file, mime, preview, side, width = 512, height = 512, isLazy = false }) => {
  const place = useRef<HTMLSpanElement>(null);
  const isInSight = useInSight(place);
  const isBroken = useSignal(false);
  const scale = side / Math.max(width, height, 1);
  const props = { file, isInSight: isInSight.value, preview, onBroken: () => void (isBroken.value = true) };
  const content = isBroken.value ? <span class="sticker-broken">{t('cannotShow')}</span> : mime === TGS ? <AnimatedSticker {...props} /> : mime.startsWith('video/') ? <VideoSticker {...props} /> : <PictureSticker {...props} />;
  return (
    <span ref={place} class="sticker" role="img" aria-label={t('mediaSticker')} style={{ inlineSize: `${Math.round(width * scale)}px`, blockSize: `${Math.round(height * scale)}px` }}>
      {(!isLazy || isInSight.value) && content}
    </span>
  );
};

interface KindProps {
  file: FileRef;
  isInSight: boolean;
  preview?: Uint8Array;
  onBroken(): void;
  /** Called when there is something to see. */
  onDrawn?(): void;
}

/** A sticker that does not move. @param isTinted draws its shape in the colour of the text */
export const PictureSticker: FunctionComponent<KindProps & { isTinted?: boolean }> = ({ file, preview, isTinted, onBroken, onDrawn }) => {
  const { address, isBroken } = usePicture(file, preview).value;
  useEffect(() => {
    if (isBroken) onBroken();
    else if (address !== undefined) onDrawn?.();
  }, [isBroken, address]);
  if (address === undefined) return null;
  return isTinted ? <span class="tinted" style={{ maskImage: `url(${address})` }} /> : <img src={address} alt="" decoding="async" draggable={false} onError={onBroken} />;
};

/** A sticker that is a video. */
export const VideoSticker: FunctionComponent<KindProps> = ({ file, isInSight, onBroken, onDrawn }) => {
  const video = useRef<HTMLVideoElement>(null);
  const moves = useMoves(isInSight);
  const { address, isBroken } = useBlob(file).value;
  useEffect(() => {
    if (isBroken) onBroken();
    if (moves.value) void video.current?.play().catch(() => undefined);
    else video.current?.pause();
  }, [moves.value, address, isBroken]);
  return address === undefined ? null : <video ref={video} src={address} muted loop playsInline disablePictureInPicture onError={onBroken} onLoadedData={onDrawn} />;
};

const AnimatedSticker: FunctionComponent<KindProps> = ({ file, isInSight, onBroken }) => {
  const place = useRef<HTMLSpanElement>(null);
  const drawn = useRef<DrawnAnimation | undefined>(undefined);
  const isDrawn = useSignal(false);
  const moves = useMoves(isInSight);
  useEffect(() => {
    let isGone = false;
    const draw = async (): Promise<void> => {
      const [json, { drawAnimation }] = await Promise.all([ask('files.animation', { file }), import('./draw-animation.ts')]);
      if (isGone) return;
      drawn.current = drawAnimation(place.current!, json, onBroken);
      isDrawn.value = true;
    };
    draw().catch(onBroken);
    return () => {
      isGone = true;
      drawn.current?.destroy();
      drawn.current = undefined;
    };
  }, [fileKey(file)]);
  useEffect(() => {
    if (moves.value) drawn.current?.play();
    else drawn.current?.pause();
  }, [moves.value, isDrawn.value]);
  return <span ref={place} class="sticker-canvas" />;
};
