import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { fileKey, type FileRef } from '../../protocol/index.ts';
import { pictureAddress } from '../ground/pictures.ts';

/** A picture as it is known so far. */
export interface ShownPicture {
  address?: string;
  /** Whether it is more than the small preview. */
  isWhole: boolean;
  /** It could not be loaded. */
  isBroken?: boolean;
}

/** Loads a picture while a component is shown. @param file undefined if there is none to load */
export function usePicture(file: FileRef | undefined, preview?: Uint8Array): ReadonlySignal<ShownPicture> {
  const shown = useSignal<ShownPicture>({ isWhole: false });
  useEffect(() => {
    if (!file) return undefined;
    const picture = pictureAddress(file, preview);
    const stop = picture.subscribe(
      (address, isWhole) => (shown.value = { address, isWhole }),
      () => (shown.value = { ...shown.value, isBroken: true }),
    );
    return () => {
      stop();
      picture.release();
    };
  }, [file && fileKey(file)]);
  return shown;
}
