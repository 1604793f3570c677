import type { PeerId } from './models.ts';

/** Notices of the first account of this browser. */
const SLOT = 1;

/** What notifications about a chat have in common, so that a newer one takes the place of the one before it, whether the page or the service worker shows it. @param peer undefined if the chat is not known */
export const noticeTag = (peer: PeerId | undefined): string => `${SLOT}/${peer ?? ''}`;

/** By this the service worker asks a window to show what a notice was about. */
export interface OpenAddress {
  type: 'open';
  /** What stands behind `#`. */
  address: string;
}

/** Whether a message from the service worker is such a question. */
export const isOpenAddress = (data: unknown): data is OpenAddress => typeof data === 'object' && data !== null && 'type' in data && data.type === 'open' && 'address' in data && typeof data.address === 'string';
