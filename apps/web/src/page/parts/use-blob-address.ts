import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { blobAddress } from '../ground/pictures.ts';

/** The address of a picture in memory, as long as it is shown; undefined until there is one. */
export function useBlobAddress(picture: Blob | undefined): string | undefined {
  const address = useSignal<string | undefined>(undefined);
  useEffect(() => {
    if (!picture) return undefined;
    const made = blobAddress(picture);
    address.value = made;
    return () => URL.revokeObjectURL(made);
  }, [picture]);
  return address.value;
}
