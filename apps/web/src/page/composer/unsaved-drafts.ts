import type { Draft, MessageId, PeerId } from '../../protocol/index.ts';

/** What is written in a chat, without the time. */
export type Written = Omit<Draft, 'date'>;

const PREFIX = 'aerogram-draft-';

/** A chat, or a thread in it. */
export interface DraftPlace {
  peer: PeerId;
  thread?: MessageId | undefined;
}

const keyOf = ({ peer, thread }: DraftPlace): string => `${PREFIX}${peer}${thread === undefined ? '' : `-${thread}`}`;

/** Length of the longest one that is kept, in characters. */
const LENGTH_MAX = 100_000;

/**
 * Keeps a draft that the server does not have yet, in this browser. A page that ends has time for nothing else: the worker ends with it, and perhaps there
 * is no connection.
 */
export function keepUnsaved(place: DraftPlace, draft: Written): void {
  const json = JSON.stringify(draft);
  if (json.length > LENGTH_MAX) return;
  try {
    localStorage.setItem(keyOf(place), json);
  } catch {
    // The browser has no room left for this site.
  }
}

/** @returns what was kept of a chat or thread */
export function readUnsaved(place: DraftPlace): Written | undefined {
  const json = localStorage.getItem(keyOf(place));
  return json === null ? undefined : (JSON.parse(json) as Written);
}

export function forgetUnsaved(place: DraftPlace): void {
  localStorage.removeItem(keyOf(place));
}

/** Nobody is logged in any more. */
export function forgetAllUnsaved(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
}
