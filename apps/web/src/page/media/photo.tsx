import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Message, Photo } from '../../protocol/index.ts';
import { pictureAddress } from '../parts/pictures.ts';
import { t } from '../parts/text.ts';
import { localAddress } from './local-addresses.ts';

/** Largest sides of a photo in the history, in pixels. */
const BOX = { width: 420, height: 480 };
/** The smallest size that is sharp in that box on most screens. */
const SHARP = 720;

/** The size that fits a box, never larger than the picture. Pure. */
export function fit({ width, height }: { width: number; height: number }, box = BOX): { width: number; height: number } {
  const scale = Math.min(1, box.width / width, box.height / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** A photo of a message. Its place is there before its bytes are. */
export const PhotoContent: FunctionComponent<{ message: Message; photo?: Photo }> = ({ message, photo }) => {
  const loaded = useSignal<string | undefined>(undefined);
  const largest = photo?.sizes.at(-1) ?? message.local;
  const shown = photo?.sizes.find(({ width, height }) => width >= SHARP || height >= SHARP) ?? photo?.sizes.at(-1);
  const own = localAddress(message.key, message.local);
  useEffect(() => {
    if (!photo || !shown || own !== undefined) return undefined;
    const picture = pictureAddress({ of: 'message', peer: message.peer, message: message.id, file: photo.id, size: shown.name }, photo.preview);
    const stop = picture.subscribe((value) => (loaded.value = value));
    return () => {
      stop();
      picture.release();
    };
  }, [message.id, photo?.id]);
  const { width, height } = fit({ width: largest?.width ?? BOX.width, height: largest?.height ?? BOX.width });
  const address = own ?? loaded.value;
  return (
    <div class="photo" style={{ width: `${width}px`, aspectRatio: `${width} / ${height}` }}>
      {address !== undefined && <img src={address} alt={t('mediaPhoto')} width={width} height={height} draggable={false} />}
      {message.progress !== undefined && <progress aria-label={t('uploading')} value={message.progress} max={1} />}
    </div>
  );
};
