import type { FunctionComponent } from 'preact';
import ArrowDownToLine from 'lucide-static/icons/arrow-down-to-line.svg';
import X from 'lucide-static/icons/x.svg';
import ZoomIn from 'lucide-static/icons/zoom-in.svg';
import ZoomOut from 'lucide-static/icons/zoom-out.svg';
import { fileKey, type FileRef, type Message } from '../../protocol/index.ts';
import { peerSignal, progressSignal } from '../ground/link.ts';
import { formatFull } from '../parts/dates.ts';
import { nameOf } from '../parts/names.tsx';
import { t } from '../ground/text.ts';
import { cleanName } from './clean-name.ts';
import { download, isDownloading, stopDownload } from './downloads.ts';
import { ProgressRing } from './progress-ring.tsx';
import { fileOf, mediaOf, nameOfDocument, type ShownMedia } from './shown-media.ts';
import { SCALE_STEP } from './zoom.ts';

/** The file that is saved: the largest photo, or the video. */
function savedFile(message: Message, { photo, document }: ShownMedia): FileRef | undefined {
  if (document) return fileOf(message, document);
  const largest = photo?.sizes.at(-1);
  return photo && largest && fileOf(message, photo, largest.name);
}

/** The name of a photo, which has none of its own: when it was sent. Pure. */
function photoName(date: number): string {
  const stamp = new Date(date * 1000).toISOString().slice(0, 19).replace('T', '_').replaceAll(':', '-');
  return `photo_${stamp}.jpg`;
}

const SaveButton: FunctionComponent<{ message: Message }> = ({ message }) => {
  const media = mediaOf(message);
  const file = media && message.id !== 0 ? savedFile(message, media) : undefined;
  if (!media || !file || message.isProtected) return null;
  if (isDownloading(file).value) return <ProgressRing label={t('downloadingFile')} value={progressSignal(fileKey(file)).value} onCancel={() => stopDownload(file)} />;
  const name = media.document ? cleanName(nameOfDocument(media), 'video.mp4') : photoName(message.date);
  return (
    <button class="round" type="button" aria-label={t('download')} onClick={() => void download(file, name)}>
      <ArrowDownToLine />
    </button>
  );
};

export interface ViewerBarProps {
  message: Message;
  place?: { n: number; count: number };
  isZoomed: boolean;
  zoomBy(factor: number): void;
  close(): void;
}

/** Who sent what is shown, and what can be done with it. */
export const ViewerBar: FunctionComponent<ViewerBarProps> = ({ message, place, isZoomed, zoomBy, close }) => (
  <header class="viewer-bar">
    <div class="viewer-names">
      <bdi>{message.isOut ? t('you') : nameOf(peerSignal(message.from).value)}</bdi>
      <small>
        {formatFull(message.date)}
        {place && place.count > 1 ? ` · ${t('placeOf', place)}` : ''}
      </small>
    </div>
    <button class="round viewer-zoom" type="button" aria-label={t('zoomOut')} disabled={!isZoomed} onClick={() => zoomBy(1 / SCALE_STEP)}>
      <ZoomOut />
    </button>
    <button class="round viewer-zoom" type="button" aria-label={t('zoomIn')} onClick={() => zoomBy(SCALE_STEP)}>
      <ZoomIn />
    </button>
    <SaveButton message={message} />
    <button class="round" type="button" aria-label={t('close')} onClick={close}>
      <X />
    </button>
  </header>
);
