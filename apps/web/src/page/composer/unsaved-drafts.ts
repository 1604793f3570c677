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

/** Basic groups that became supergroups while they were open. */
const continued = new Map<PeerId, PeerId>();

/** What is being written in a basic group belongs to the supergroup from now on. */
export const noteContinued = (group: PeerId, supergroup: PeerId): void => void continued.set(group, supergroup);

/** Keeps what was being written in a basic group for the supergroup that it became meanwhile. */
export function carryOn({ peer, thread }: DraftPlace, { text, entities }: Written): void {
  const supergroup = thread === undefined ? continued.get(peer) : undefined;
  if (supergroup !== undefined && text !== '') keepUnsaved({ peer: supergroup }, { text, entities });
}

export function forgetUnsaved(place: DraftPlace): void {
  localStorage.removeItem(keyOf(place));
}

/** Nobody is logged in any more. */
export function forgetAllUnsaved(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
}
