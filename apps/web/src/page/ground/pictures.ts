import type { FileRef } from '../../protocol/index.ts';
import { ask } from './link.ts';

/** Types that a browser shows without running anything in them. */
const SHOWN_TYPES = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'video/mp4', 'video/webm', 'audio/mpeg', 'audio/ogg', 'audio/mp4', 'audio/webm']);

/** An address of bytes in memory. Everything that is not certainly a picture, a video or a sound becomes a file to save: addresses run with our origin. */
export function blobAddress(blob: Blob): string {
  return URL.createObjectURL(SHOWN_TYPES.has(blob.type) ? blob : blob.slice(0, blob.size, 'application/octet-stream'));
}

/** Gets the address of the preview, if there is one, and then that of the picture. */
type Tell = (address: string, isWhole: boolean) => void;

/** A picture that is being loaded. */
export interface Picture {
  /** @param onBroken is called if the picture cannot be loaded */
  subscribe(tell: Tell, onBroken?: () => void): () => void;
  /** The picture is not shown any more. */
  release(): void;
}

interface Loaded {
  users: number;
  preview: string | undefined;
  address: string | undefined;
  listeners: Set<{ tell: Tell; onBroken?: () => void }>;
}

const loaded = new Map<string, Loaded>();
/** Pictures that nobody shows are kept for a while, because lists are scrolled back and forth. */
const KEPT = 200;

function drop(key: string, entry: Loaded): void {
  if (loaded.get(key) === entry) loaded.delete(key);
  const { preview, address } = entry;
  if (preview) URL.revokeObjectURL(preview);
  if (address) URL.revokeObjectURL(address);
}

function trim(): void {
  const unused = [...loaded].filter(([, { users }]) => users === 0);
  for (const [key, entry] of unused.slice(0, Math.max(0, unused.length - KEPT))) drop(key, entry);
}

/** Loads a picture once, however many places show it. @param preview a small JPEG to show until then */
export function pictureAddress(file: FileRef, preview?: Uint8Array): Picture {
  const key = JSON.stringify(file);
  let entry = loaded.get(key);
  if (!entry) {
    entry = { users: 0, preview: preview && blobAddress(new Blob([preview as BlobPart], { type: 'image/jpeg' })), address: undefined, listeners: new Set() };
    const fresh = entry;
    loaded.set(key, fresh);
    ask('files.load', { file }).then(
      (blob) => {
        fresh.address = blobAddress(blob);
        for (const { tell } of fresh.listeners) tell(fresh.address, true);
      },
      () => {
        // The next place that shows the picture tries again.
        if (fresh.users === 0) drop(key, fresh);
        else loaded.delete(key);
        for (const { onBroken } of fresh.listeners) onBroken?.();
      },
    );
  }
  const used = entry;
  used.users++;
  // Map order is the order of last use.
  loaded.delete(key);
  loaded.set(key, used);
  return {
    subscribe: (tell, onBroken) => {
      const now = used.address ?? used.preview;
      if (now !== undefined) tell(now, used.address !== undefined);
      const listener = { tell, onBroken };
      used.listeners.add(listener);
      return () => used.listeners.delete(listener);
    },
    release: () => {
      used.users--;
      if (used.users === 0 && loaded.get(key) !== used) drop(key, used);
      else trim();
    },
  };
}
