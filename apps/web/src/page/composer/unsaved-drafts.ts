import type { Draft, PeerId } from '../../protocol/index.ts';

/** What is written in a chat, without the time. */
export type Written = Omit<Draft, 'date'>;

const PREFIX = 'aerogram-draft-';
/** Length of the longest one that is kept, in characters. */
const LENGTH_MAX = 100_000;

/**
 * Keeps a draft that the server does not have yet, in this browser. A page that ends has time for nothing else: the worker ends with it, and perhaps there
 * is no connection.
 */
export function keepUnsaved(peer: PeerId, draft: Written): void {
  const json = JSON.stringify(draft);
  if (json.length > LENGTH_MAX) return;
  try {
    localStorage.setItem(PREFIX + peer, json);
  } catch {
    // The browser has no room left for this site.
  }
}

/** @returns what was kept of a chat */
export function readUnsaved(peer: PeerId): Written | undefined {
  const json = localStorage.getItem(PREFIX + peer);
  return json === null ? undefined : (JSON.parse(json) as Written);
}

export function forgetUnsaved(peer: PeerId): void {
  localStorage.removeItem(PREFIX + peer);
}

/** Nobody is logged in any more. */
export function forgetAllUnsaved(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
}
