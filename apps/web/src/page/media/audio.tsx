import type { FunctionComponent } from 'preact';
import ArrowDownToLine from 'lucide-static/icons/arrow-down-to-line.svg';
import type { Message } from '../../protocol/index.ts';
import { formatBytes } from '../parts/bytes.ts';
import { formatSeconds } from '../parts/dates.ts';
import { t } from '../ground/text.ts';
import { cleanName } from './clean-name.ts';
import { download, isDownloading } from './downloads.ts';
import { playedTime, playing, unplayable } from './player.ts';
import { fileOf, mediaOf, nameOfDocument, type ShownMedia } from './shown-media.ts';
import { PlayButton, Position } from './voice.tsx';

/** What a piece of music is called, and who plays it. Pure. */
export function titleOf(media: ShownMedia): { title: string; performer?: string } {
  const { title, performer } = media.document ?? {};
  const name = cleanName(nameOfDocument(media), t('mediaAudio'));
  return { title: title === undefined || title === '' ? name : title, performer: performer === '' ? undefined : performer };
}

/** A piece of music. */
export const AudioContent: FunctionComponent<{ message: Message }> = ({ message }) => {
  const media = mediaOf(message);
  if (!media) return null;
  const isPlayed = playing.value?.key === message.key;
  const { title, performer } = titleOf(media);
  const duration = formatSeconds(media.document?.duration ?? media.local?.duration ?? 0);
  const file = media.document && fileOf(message, media.document);
  const name = cleanName(nameOfDocument(media), t('mediaAudio'));
  const size = formatBytes(media.document?.bytes ?? media.local?.file.size ?? 0);
  return (
    <div class="audio">
      <PlayButton message={message} />
      <div class="audio-names">
        <p class="audio-title">
          <bdi>{title}</bdi>
        </p>
        {isPlayed ? <Position message={message} /> : <p class="audio-performer">{performer === undefined ? size : <bdi>{performer}</bdi>}</p>}
      </div>
      <small class="audio-time">{unplayable.value.has(message.key) ? t('cannotPlay') : isPlayed ? `${formatSeconds(playedTime.value)} / ${duration}` : duration}</small>
      {file && (
        <button class="round" type="button" aria-label={t('download')} disabled={isDownloading(file).value} onClick={() => void download(file, name)}>
          <ArrowDownToLine />
        </button>
      )}
    </div>
  );
};
