import type { FileRef } from '../../protocol/index.ts';
import { STREAM_PATH, type StreamAnswer, type StreamQuestion } from '../../protocol/stream.ts';
import { ask } from '../ground/link.ts';
import { blobAddress } from '../ground/pictures.ts';
import { startServiceWorker } from '../ground/service-worker.ts';

/** The longest file that is loaded as a whole to be played, in bytes. */
export const WHOLE_MAX = 64 * 1024 * 1024;

/** Something that a player can play. */
export interface PlaySource {
  address: string;
  /** Whether it is loaded while it is played. */
  isStream: boolean;
  release(): void;
}

const streams = new Map<string, FileRef>();

// Files can be played while they are loaded, where the browser can do that.
if ('serviceWorker' in navigator) {
  navigator.serviceWorker.addEventListener('message', ({ data, ports }: MessageEvent<StreamQuestion>) => {
    if (data.type === 'stream') void answer(data, ports[0]!);
  });
  navigator.serviceWorker.startMessages();
  startServiceWorker()?.catch(() => undefined);
}

async function answer({ token, from }: StreamQuestion, port: MessagePort): Promise<void> {
  const file = streams.get(token);
  const part: StreamAnswer = file && (await ask('files.part', { file, from }).catch(() => undefined));
  port.postMessage(part, part ? [part.bytes] : []);
}

/** Whether files of any length can be played. */
export const canStream = (): boolean => 'serviceWorker' in navigator && navigator.serviceWorker.controller !== null;

const canBePlayed = (type: string): boolean => type.startsWith('video/') || type.startsWith('audio/');

/**
 * Opens a video or a sound: as a stream, or as a whole where the browser has no service worker.
 * @param isWhole whether to load all of it first
 * @param change makes something else of what was loaded as a whole
 * @throws RangeError if it is too long for that; TypeError if its content is something else
 */
export async function openSource(file: FileRef, bytes: number, isWhole = !canStream(), change = (loaded: Blob): Blob | Promise<Blob> => loaded): Promise<PlaySource> {
  if (!isWhole) {
    const { type } = await ask('files.part', { file, from: 0 });
    if (!canBePlayed(type)) throw new TypeError('neither a video nor a sound');
    const token = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
    streams.set(token, file);
    return { address: `${STREAM_PATH}${token}`, isStream: true, release: () => streams.delete(token) };
  }
  if (bytes > WHOLE_MAX) throw new RangeError('too long to be loaded as a whole');
  const address = blobAddress(await change(await ask('files.load', { file })));
  return { address, isStream: false, release: () => URL.revokeObjectURL(address) };
}
