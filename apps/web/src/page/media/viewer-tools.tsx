import type { FunctionComponent } from 'preact';
import ArrowDownToLine from 'lucide-static/icons/arrow-down-to-line.svg';
import Copy from 'lucide-static/icons/copy.svg';
import Forward from 'lucide-static/icons/forward.svg';
import MessageSquare from 'lucide-static/icons/message-square-text.svg';
import RotateCw from 'lucide-static/icons/rotate-cw.svg';
import Trash from 'lucide-static/icons/trash-2.svg';
import ZoomIn from 'lucide-static/icons/zoom-in.svg';
import ZoomOut from 'lucide-static/icons/zoom-out.svg';
import { fileKey, type FileRef, type Message } from '../../protocol/index.ts';
import { peerSignal, progressSignal } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { allowedOn } from '../open-chat/allowed.ts';
import { nowSeconds } from '../parts/dates.ts';
import { RoundButton } from '../parts/round-button.tsx';
import { cleanName } from './clean-name.ts';
import { canCopyPictures } from './copy-picture.ts';
import { download, isDownloading, stopDownload } from './downloads.ts';
import { ProgressRing } from './progress-ring.tsx';
import { fileOf, mediaOf, nameOfDocument, type ShownMedia } from './shown-media.ts';
import { viewerActions } from './viewer-actions.ts';
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
  return <RoundButton name={t('download')} icon={ArrowDownToLine} act={() => void download(file, name)} />;
};

export interface ViewerToolsProps {
  message: Message;
  /** Whether it is a message of its own, and not a part of a poll. */
  isWhole: boolean;
  isZoomed: boolean;
  /** How fast its video is played; undefined if it has none. */
  speed: number | undefined;
  changeSpeed(): void;
  zoomBy(factor: number): void;
  rotate(): void;
  copy(): void;
  showInChat(): void;
  /** It was deleted. */
  onDeleted(): void;
}

/** What can be done with what the viewer shows. */
export const ViewerTools: FunctionComponent<ViewerToolsProps> = ({ message, isWhole, isZoomed, speed, changeSpeed, zoomBy, rotate, copy, showInChat, onDeleted }) => {
  const allowed = allowedOn(message, peerSignal(message.peer).value, nowSeconds());
  const remove = async (): Promise<void> => {
    if (await viewerActions.current?.delete([message])) onDeleted();
  };
  return (
    <div class="viewer-tools">
      {message.id !== 0 && <RoundButton name={t('showInChat')} icon={MessageSquare} act={showInChat} />}
      {speed !== undefined && (
        <button class="round viewer-speed" type="button" aria-label={t('playbackSpeed')} aria-description={`${speed}×`} title={t('playbackSpeed')} onClick={changeSpeed}>
          {speed}×
        </button>
      )}
      <RoundButton name={t('rotate')} icon={RotateCw} act={rotate} />
      <RoundButton name={t('zoomOut')} icon={ZoomOut} disabled={!isZoomed} act={() => zoomBy(1 / SCALE_STEP)} />
      <RoundButton name={t('zoomIn')} icon={ZoomIn} act={() => zoomBy(SCALE_STEP)} />
      {allowed.forward && mediaOf(message)?.role === 'photo' && canCopyPictures() && <RoundButton name={t('copyPicture')} icon={Copy} act={copy} />}
      {isWhole && allowed.forward && <RoundButton name={t('forward')} icon={Forward} act={() => void viewerActions.current?.forward([message])} />}
      <SaveButton message={message} />
      {isWhole && allowed.delete && <RoundButton name={t('delete')} icon={Trash} act={() => void remove()} />}
    </div>
  );
};
