import { type ReadonlySignal, signal, type Signal } from '@preact/signals';
import { fileKey, type FileRef } from '../../protocol/index.ts';
import { ask, progressSignal, RefusedError } from '../ground/link.ts';
import { notify } from '../parts/notice.tsx';
import { describeRefusal } from '../parts/errors.ts';
import { blobAddress } from '../ground/pictures.ts';
import { t } from '../ground/text.ts';

/** How long the address of a saved file stays, in milliseconds: the browser reads it after the click. */
const READ_MS = 60_000;

const running = new Map<string, Signal<boolean>>();

function signalOf(file: FileRef): Signal<boolean> {
  const key = fileKey(file);
  const known = running.get(key);
  if (known) return known;
  const fresh = signal(false);
  running.set(key, fresh);
  return fresh;
}

/** Whether a file is on its way here to be saved. It goes on when its message is scrolled out of sight. */
export const isDownloading = (file: FileRef): ReadonlySignal<boolean> => signalOf(file);

/** Gives bytes to the browser to be saved. */
export function saveBlob(blob: Blob, name: string): void {
  const address = blobAddress(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), READ_MS);
}

/** Loads a file and saves it. @param name a clean one */
export async function download(file: FileRef, name: string): Promise<void> {
  const isRunning = signalOf(file);
  if (isRunning.value) return;
  isRunning.value = true;
  progressSignal(fileKey(file)).value = 0;
  try {
    saveBlob(await ask('files.load', { file }), name);
  } catch (error) {
    if (!(error instanceof RefusedError)) notify(t('errorInternal'));
    else if (error.refusal.code !== 'CANCELLED') notify(describeRefusal(error.refusal));
  } finally {
    isRunning.value = false;
    running.delete(fileKey(file));
  }
}

/** Stops a download. What has come stays. */
export const stopDownload = (file: FileRef): void => void ask('files.cancel', { file }).catch(() => undefined);
