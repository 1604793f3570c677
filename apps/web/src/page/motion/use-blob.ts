import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { fileKey, type FileRef } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { blobAddress } from '../ground/pictures.ts';

/** A file in memory. */
export interface ShownBlob {
  address?: string;
  /** Its type, as its content says. */
  type?: string;
  isBroken?: boolean;
}

/** Loads a whole file while a component is shown. @param file undefined as long as it need not be loaded */
export function useBlob(file: FileRef | undefined): ReadonlySignal<ShownBlob> {
  const shown = useSignal<ShownBlob>({});
  useEffect(() => {
    if (!file) return undefined;
    let address: string | undefined;
    let isGone = false;
    ask('files.load', { file }).then(
      (blob) => {
        if (isGone) return;
        address = blobAddress(blob);
        shown.value = { address, type: blob.type };
      },
      () => {
        if (!isGone) shown.value = { isBroken: true };
      },
    );
    return () => {
      isGone = true;
      if (address !== undefined) URL.revokeObjectURL(address);
      shown.value = {};
    };
  }, [file && fileKey(file)]);
  return shown;
}
