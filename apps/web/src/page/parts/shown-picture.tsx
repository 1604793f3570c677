import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Photo } from '../../protocol/index.ts';
import { pictureAddress } from '../ground/pictures.ts';

/** Width from which a picture is sharp enough here, in pixels. */
const SHARP = 160;

/** A round picture that belongs to no message and to nobody who is known. */
export const ShownPicture: FunctionComponent<{ photo: Photo }> = ({ photo }) => {
  const address = useSignal<string | undefined>(undefined);
  const size = photo.sizes.find(({ width }) => width >= SHARP) ?? photo.sizes.at(-1);
  useEffect(() => {
    if (!size) return undefined;
    const picture = pictureAddress({ of: 'shown', file: photo.id, size: size.name }, photo.preview);
    const stop = picture.subscribe((value) => (address.value = value));
    return () => {
      stop();
      picture.release();
    };
  }, [photo.id]);
  return <span class="avatar avatar-large">{address.value !== undefined && <img src={address.value} alt="" draggable={false} />}</span>;
};
