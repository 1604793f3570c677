import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PeerId } from '../../protocol/index.ts';
import { peerSignal } from '../ground/link.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { nameOf } from '../parts/names.tsx';
import { pictureAddress } from '../ground/pictures.ts';

const LargePicture: FunctionComponent<{ peer: PeerId }> = ({ peer: id }) => {
  const photo = peerSignal(id).value?.photo;
  const address = useSignal<string | undefined>(undefined);
  useEffect(() => {
    if (!photo) return undefined;
    const picture = pictureAddress({ of: 'peer', peer: id, photo: photo.id, isBig: true }, photo.preview);
    const stop = picture.subscribe((value) => (address.value = value));
    return () => {
      stop();
      picture.release();
    };
  }, [photo?.id]);
  return address.value === undefined ? null : <img class="large-picture" src={address.value} alt={nameOf(peerSignal(id).value)} />;
};

/** Shows the picture of somebody as large as it is. */
export function showLargePicture(peer: PeerId): void {
  void openDialog((close) => (
    <Dialog title={nameOf(peerSignal(peer).value)} onClose={() => close()} className="dialog-picture">
      <LargePicture peer={peer} />
    </Dialog>
  ));
}
