import type { FunctionComponent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import ImageOff from 'lucide-static/icons/image-off.svg';
import Play from 'lucide-static/icons/play.svg';
import type { Message } from '../../protocol/index.ts';
import { formatSeconds } from '../parts/dates.ts';
import { t } from '../ground/text.ts';
import { isPaused, offerRound, playedDuration, playedTime, playing, togglePlaying, unplayable } from './player.ts';
import { fileOf, mediaOf } from './shown-media.ts';
import { useBlob } from '../motion/use-blob.ts';
import { usePicture } from '../motion/use-picture.ts';

const RADIUS = 49;
const LENGTH = 2 * Math.PI * RADIUS;

/** A round video message. It is loaded when somebody wants to see it. */
export const RoundContent: FunctionComponent<{ message: Message }> = ({ message }) => {
  const video = useRef<HTMLVideoElement>(null);
  const isWanted = useSignal(false);
  const document = mediaOf(message)?.document;
  const picture = usePicture(document?.thumb && fileOf(message, document, document.thumb.name), document?.preview).value;
  const loaded = useBlob(document && isWanted.value ? fileOf(message, document) : undefined).value;
  useEffect(() => {
    if (!video.current || loaded.address === undefined) return undefined;
    const withdraw = offerRound(message, video.current);
    void togglePlaying(message);
    return withdraw;
  }, [loaded.address]);
  const isPlayed = playing.value?.key === message.key;
  const isOn = isPlayed && !isPaused.value;
  const share = isPlayed && playedDuration.value > 0 ? playedTime.value / playedDuration.value : 0;
  const isBroken = loaded.isBroken === true || unplayable.value.has(message.key);
  const time = isBroken ? t('cannotPlay') : formatSeconds(isPlayed ? playedTime.value : (document?.duration ?? 0));
  const onClick = (): void => {
    if (loaded.address === undefined) isWanted.value = true;
    else void togglePlaying(message);
  };
  return (
    <button class="round-video" type="button" aria-label={`${t('mediaRound')}, ${time}, ${t(isOn ? 'pause' : 'play')}`} onClick={onClick}>
      {picture.address !== undefined && <img src={picture.address} alt="" draggable={false} />}
      {loaded.address !== undefined && <video ref={video} src={loaded.address} playsInline preload="auto" />}
      <svg viewBox="0 0 100 100" aria-hidden="true">
        <circle cx="50" cy="50" r={RADIUS} stroke-dasharray={LENGTH} stroke-dashoffset={LENGTH * (1 - share)} />
      </svg>
      {isBroken ? (
        <span class="tile-play">
          <ImageOff />
        </span>
      ) : (
        !isOn && (
          <span class={`tile-play${isWanted.value && loaded.address === undefined ? ' is-waiting' : ''}`}>
            <Play />
          </span>
        )
      )}
      <span class="tile-label">
        {time}
        {message.isUnplayed && <span class="unplayed" role="img" aria-label={t('notPlayed')} />}
      </span>
    </button>
  );
};
