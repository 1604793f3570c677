import type { FunctionComponent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import Play from 'lucide-static/icons/play.svg';
import type { Message } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { layoutAlbum } from './album-layout.ts';
import { localAddresses } from './local-addresses.ts';
import { ProgressRing } from './progress-ring.tsx';
import { fileOf, mediaOf } from './shown-media.ts';
import { TileBroken } from './tile-broken.tsx';
import { useBlob } from '../motion/use-blob.ts';
import { prefersStill, useInSight } from '../motion/use-in-sight.ts';
import { usePicture } from '../motion/use-picture.ts';

const WIDTH_MAX = 320;
const HEIGHT_MAX = 360;
/** A longer one is loaded only when somebody wants to see it, in bytes. */
const LOADED_BYTES = 10 * 1024 * 1024;

/** An animation without sound, which is repeated while it can be seen. */
export const GifContent: FunctionComponent<{ message: Message }> = ({ message }) => {
  const place = useRef<HTMLButtonElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const isInSight = useInSight(place);
  const media = mediaOf(message);
  const document = media?.document;
  const isRunning = useSignal(!prefersStill() && (document?.bytes ?? 0) <= LOADED_BYTES);
  const isUndecodable = useSignal(false);
  const wasSeen = useSignal(false);
  if (isInSight.value) wasSeen.value = true;
  const own = localAddresses(message.key, media?.local);
  const picture = usePicture(document?.thumb && message.id !== 0 ? fileOf(message, document, document.thumb.name) : undefined, document?.preview).value;
  const loaded = useBlob(document && !own && wasSeen.value && isRunning.value ? fileOf(message, document) : undefined).value;
  const address = own?.file ?? loaded.address;
  useEffect(() => {
    if (isInSight.value && isRunning.value) void video.current?.play().catch(() => undefined);
    else video.current?.pause();
  }, [isInSight.value, isRunning.value, address]);
  const { ratio } = layoutAlbum([{ width: media?.width, height: media?.height }]);
  const width = Math.min(WIDTH_MAX, HEIGHT_MAX * ratio);
  const isBroken = isUndecodable.value || loaded.isBroken === true;
  // Until the page is left: the server makes a video of it.
  const isImage = own?.type === 'image/gif';
  return (
    <div class="album" style={{ inlineSize: `${Math.round(width)}px`, aspectRatio: ratio.toFixed(4) }}>
      <button ref={place} class={`tile${address === undefined && picture.isWhole === false ? ' is-preview' : ''}`} type="button" aria-label={`${t('mediaGif')}, ${t(isRunning.value ? 'pause' : 'play')}`} onClick={() => (isRunning.value = !isRunning.value)}>
        {isBroken ? (
          <TileBroken />
        ) : address === undefined ? (
          picture.address !== undefined && <img src={picture.address} alt="" draggable={false} />
        ) : isImage ? (
          <img src={address} alt="" draggable={false} />
        ) : (
          <video ref={video} src={address} poster={picture.address} muted loop playsInline disablePictureInPicture onError={() => (isUndecodable.value = true)} />
        )}
        {!isRunning.value && !isBroken && (
          <span class="tile-play">
            <Play />
          </span>
        )}
        <span class="tile-label">{t('mediaGif')}</span>
      </button>
      {message.progress !== undefined && (
        <span class="tile-progress">
          <ProgressRing label={t('uploadingFile')} value={message.progress} onCancel={() => void ask('messages.discard', { peer: message.peer, key: message.key })} />
        </span>
      )}
    </div>
  );
};
