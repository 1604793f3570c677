import type { FunctionComponent } from 'preact';
import Pause from 'lucide-static/icons/pause.svg';
import Play from 'lucide-static/icons/play.svg';
import type { Message } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { formatSeconds } from '../parts/dates.ts';
import { t } from '../ground/text.ts';
import { cleanName } from './clean-name.ts';
import { download, isDownloading } from './downloads.ts';
import { changeSpeed, isPaused, playedDuration, playedTime, playing, seekPlaying, speed, togglePlaying, unplayable } from './player.ts';
import { ProgressRing } from './progress-ring.tsx';
import { fileOf, mediaOf, nameOfDocument } from './shown-media.ts';
import { resample } from './waveform.ts';

const BARS = 44;
const BAR = { width: 2.5, step: 4.5, least: 2.5, height: 24 };
/** Steps of the keyboard, in parts of the whole. */
const STEP = 0.01;

/** The button that plays a message or pauses it, or what stands in its place while it is sent. */
export const PlayButton: FunctionComponent<{ message: Message }> = ({ message }) => {
  if (message.progress !== undefined) {
    return (
      <span class="play-place">
        <ProgressRing label={t('uploadingFile')} value={message.progress} onCancel={() => void ask('messages.discard', { peer: message.peer, key: message.key })} />
      </span>
    );
  }
  const isOn = playing.value?.key === message.key && !isPaused.value;
  return (
    <button class="play" type="button" aria-label={t(isOn ? 'pause' : 'play')} onClick={() => void togglePlaying(message)}>
      {isOn ? <Pause /> : <Play />}
    </button>
  );
};

/** A place in what is played, which can be moved. */
export const Position: FunctionComponent<{ message: Message }> = ({ message }) => {
  const isPlayed = playing.value?.key === message.key;
  const share = isPlayed && playedDuration.value > 0 ? playedTime.value / playedDuration.value : 0;
  return (
    <input
      class="position"
      type="range"
      min={0}
      max={1}
      step={STEP}
      value={share}
      aria-label={t('position')}
      aria-valuetext={formatSeconds(isPlayed ? playedTime.value : 0)}
      onInput={({ currentTarget }) => void seekPlaying(message, Number(currentTarget.value))}
    />
  );
};

/** A voice message. */
export const VoiceContent: FunctionComponent<{ message: Message }> = ({ message }) => {
  const media = mediaOf(message);
  if (!media) return null;
  const isPlayed = playing.value?.key === message.key;
  const duration = media.document?.duration ?? media.local?.duration ?? 0;
  const share = isPlayed && playedDuration.value > 0 ? playedTime.value / playedDuration.value : 0;
  const isUnplayable = unplayable.value.has(message.key);
  const file = isUnplayable && media.document && fileOf(message, media.document);
  const bars = resample(media.document?.waveform ?? media.local?.waveform ?? [], BARS);
  return (
    <div class="voice">
      <PlayButton message={message} />
      <div class="voice-body">
        <div class="voice-wave">
          <svg viewBox={`0 0 ${BARS * BAR.step} ${BAR.height}`} preserveAspectRatio="none" aria-hidden="true">
            {bars.map((value, index) => {
              const height = BAR.least + (value / 31) * (BAR.height - BAR.least);
              return <rect key={index} class={(index + 0.5) / BARS <= share ? 'is-played' : undefined} x={index * BAR.step} y={(BAR.height - height) / 2} width={BAR.width} height={height} rx={BAR.width / 2} />;
            })}
          </svg>
          <Position message={message} />
        </div>
        <p class="voice-foot">
          {isUnplayable ? t('cannotPlay') : formatSeconds(isPlayed && playedTime.value > 0 ? playedTime.value : duration)}
          {message.isUnplayed && <span class="unplayed" role="img" aria-label={t('notPlayed')} />}
          {isPlayed && <SpeedButton />}
          {file && (
            <button class="link" type="button" disabled={isDownloading(file).value} onClick={() => void download(file, cleanName(nameOfDocument(media), 'voice.ogg'))}>
              {t('download')}
            </button>
          )}
        </p>
      </div>
    </div>
  );
};

/** How fast it is played. */
export const SpeedButton: FunctionComponent = () => (
  <button class="speed" type="button" aria-label={t('speedOf', { speed: String(speed.value) })} onClick={changeSpeed}>
    {speed.value}×
  </button>
);
