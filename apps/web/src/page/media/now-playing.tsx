import type { FunctionComponent } from 'preact';
import X from 'lucide-static/icons/x.svg';
import { peerSignal } from '../ground/link.ts';
import { chatAddress } from '../ground/route.ts';
import { formatSeconds } from '../parts/dates.ts';
import { nameOf } from '../parts/names.tsx';
import { t } from '../ground/text.ts';
import { titleOf } from './audio.tsx';
import { playedDuration, playedTime, playing, stopPlaying } from './player.ts';
import { mediaOf } from './shown-media.ts';
import { PlayButton, SpeedButton } from './voice.tsx';

/** What is being played, above the messages of whatever chat is open. */
export const NowPlaying: FunctionComponent = () => {
  const message = playing.value;
  const media = message && mediaOf(message);
  if (!message || !media) return null;
  const isMusic = media.role === 'audio';
  const { title, performer } = isMusic ? titleOf(media) : { title: nameOf(peerSignal(message.from).value), performer: t(media.role === 'round' ? 'mediaRound' : 'mediaVoice') };
  return (
    <section class="now-playing" aria-label={t('nowPlaying')}>
      <PlayButton message={message} />
      <a href={chatAddress(message.peer, message.id === 0 ? undefined : message.id)}>
        <bdi class="now-playing-title">{title}</bdi>
        {performer !== undefined && <bdi class="now-playing-by">{performer}</bdi>}
      </a>
      <small>
        {formatSeconds(playedTime.value)} / {formatSeconds(playedDuration.value)}
      </small>
      {!isMusic && <SpeedButton />}
      <button class="round" type="button" aria-label={t('stopPlaying')} onClick={stopPlaying}>
        <X />
      </button>
      <progress max={1} value={playedDuration.value > 0 ? Math.min(1, playedTime.value / playedDuration.value) : 0} aria-hidden="true" />
    </section>
  );
};
