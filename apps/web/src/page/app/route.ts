import { signal } from '@preact/signals';
import type { MessageId, PeerId } from '../../protocol/index.ts';

/** What the window shows. Each has an address of its own, so the browser's Back works. */
export type Route =
  | { page: 'home' }
  | { page: 'archive' }
  | { page: 'chat'; peer: PeerId; message?: MessageId; hasInfo: boolean }
  /** `root`: the message of a group, or the post of a channel, with which the thread began. */
  | { page: 'thread'; peer: PeerId; root: MessageId; message?: MessageId }
  | { page: 'settings'; section?: string }
  | { page: 'contacts' }
  | { page: 'new'; kind: 'group' | 'channel' | 'contact' }
  | { page: 'link'; path: string };

const isMessageId = (id: number): boolean => Number.isSafeInteger(id) && id > 0;

/** Reads the part of the address behind `#`. Pure. */
export function parseRoute(hash: string): Route {
  const [page = '', first, second, third] = hash.replace(/^#?\/?/, '').split('/');
  switch (page) {
    case 'archive':
    case 'contacts':
      return { page };
    case 'chat': {
      const peer = Number(first);
      if (!Number.isSafeInteger(peer) || peer === 0) return { page: 'home' };
      const message = Number(second);
      return { page: 'chat', peer, hasInfo: [second, third].includes('info'), ...(isMessageId(message) ? { message } : {}) };
    }
    case 'thread': {
      const [peer, root, message] = [first, second, third].map(Number) as [number, number, number];
      if (!Number.isSafeInteger(peer) || peer >= 0 || !isMessageId(root)) return { page: 'home' };
      return { page, peer, root, ...(isMessageId(message) ? { message } : {}) };
    }
    case 'settings':
      return { page, section: first };
    case 'new':
      return first === 'group' || first === 'channel' || first === 'contact' ? { page, kind: first } : { page: 'home' };
    case 'link':
      return { page, path: hash.replace(/^#?\/?link\//, '') };
    default:
      return { page: 'home' };
  }
}

/** The address of a chat. Pure. */
export const chatAddress = (peer: PeerId, message?: MessageId): string => `#/chat/${peer}${message === undefined ? '' : `/${message}`}`;

/** The address of the thread of a message. Pure. @param message a reply to be shown */
export const threadAddress = (peer: PeerId, root: MessageId, message?: MessageId): string => `#/thread/${peer}/${root}${message === undefined ? '' : `/${message}`}`;

/** The address of everything about a chat, beside its history. Pure. */
export const infoAddress = (peer: PeerId, message?: MessageId): string => `${chatAddress(peer, message)}/info`;

export const route = signal<Route>(parseRoute(location.hash));
addEventListener('hashchange', () => (route.value = parseRoute(location.hash)));

/** Goes to another address. @param replaces leaves no step for Back */
export function go(address: string, replaces = false): void {
  if (replaces) {
    history.replaceState(null, '', address);
    route.value = parseRoute(address);
  } else location.hash = address;
}
