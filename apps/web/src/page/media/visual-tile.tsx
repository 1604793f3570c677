import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import EyeOff from 'lucide-static/icons/eye-off.svg';
import Play from 'lucide-static/icons/play.svg';
import type { Message } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { formatSeconds } from '../parts/dates.ts';
import { t } from '../ground/text.ts';
import { localAddresses } from './local-addresses.ts';
import { ProgressRing } from './progress-ring.tsx';
import { pictureOf, type ShownMedia } from './shown-media.ts';
import { TileBroken } from './tile-broken.tsx';
import { usePicture } from '../motion/use-picture.ts';

const showInViewer = async (message: Message): Promise<void> => {
  const { openViewer } = await import('./viewer.tsx');
  await openViewer(message);
};

export interface VisualTileProps {
  message: Message;
  media: ShownMedia;
  /** The longer side as it is drawn, in CSS pixels. */
  side: number;
  /** What it is called, if that says more than what it is. */
  name?: string;
  /** What opens it; by default the viewer. */
  open?(message: Message): void;
}

/** A photo, or the picture of a video, which fills the place around it. */
export const VisualTile: FunctionComponent<VisualTileProps> = ({ message, media, side, name, open = (shown) => void showInViewer(shown) }) => {
  const isShown = useSignal(!media.hasSpoiler);
  const isUndecodable = useSignal(false);
  const own = localAddresses(message.key, media.local);
  const file = own?.picture === undefined ? pictureOf(message, media, side * devicePixelRatio) : undefined;
  const loaded = usePicture(file, media.photo?.preview ?? media.document?.preview).value;
  const address = own?.picture ?? loaded.address;
  const isVideo = media.role !== 'photo';
  const shownName = name ?? t(isVideo ? 'mediaVideo' : 'mediaPhoto');
  const isBroken = isUndecodable.value || (loaded.isBroken === true && address === undefined);
  const isSharp = own?.picture !== undefined || loaded.isWhole;
  const duration = media.document?.duration ?? media.local?.duration;
  return (
    <>
      <button
        class={`tile${isShown.value ? '' : ' is-hidden'}${isSharp ? '' : ' is-preview'}`}
        type="button"
        aria-label={isShown.value ? undefined : t(isVideo ? 'showVideo' : 'showPhoto')}
        onClick={() => (isShown.value ? open(message) : (isShown.value = true))}
      >
        {isBroken ? (
          <TileBroken />
        ) : address === undefined ? (
          <span class="tile-name">{shownName}</span>
        ) : (
          <img src={address} alt={shownName} decoding="async" draggable={false} onError={() => (isUndecodable.value = true)} />
        )}
        {!isShown.value && (
          <span class="tile-cover">
            <EyeOff />
          </span>
        )}
        {isVideo && isShown.value && message.progress === undefined && (
          <span class="tile-play">
            <Play />
          </span>
        )}
        {isVideo && duration !== undefined && <span class="tile-label">{formatSeconds(duration)}</span>}
      </button>
      {message.progress !== undefined && (
        <span class="tile-progress">
          <ProgressRing label={t('uploadingFile')} value={message.progress} onCancel={() => void ask('messages.discard', { peer: message.peer, key: message.key })} />
        </span>
      )}
    </>
  );
};
