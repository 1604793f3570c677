import type { ComponentChildren, FunctionComponent } from 'preact';
import Camera from 'lucide-static/icons/camera.svg';
import { notify } from './notice.tsx';
import { preparePicture } from './prepare-picture.ts';
import { t } from '../ground/text.ts';
import { useBlobAddress } from './use-blob-address.ts';

/** A round picture that one can choose. @param children what is shown while none was chosen here */
export const PictureField: FunctionComponent<{ picture: Blob | undefined; onChoose(picture: Blob): void; children?: ComponentChildren }> = ({ picture, onChoose, children }) => {
  const address = useBlobAddress(picture);
  const choose = async (file: File | undefined): Promise<void> => {
    const made = file && (await preparePicture(file));
    if (made) onChoose(made);
    else if (file) notify(t('notAPicture'));
  };
  return (
    <label class="picture-field">
      {picture && address !== undefined ? <img class="avatar avatar-large" src={address} alt="" /> : (children ?? <span class="avatar avatar-large picture-empty" />)}
      <span class="picture-mark">
        <Camera />
      </span>
      <input
        class="hidden-input"
        type="file"
        accept="image/*"
        aria-label={t('photo')}
        onChange={({ currentTarget }) => {
          void choose(currentTarget.files?.[0]);
          currentTarget.value = '';
        }}
      />
    </label>
  );
};
