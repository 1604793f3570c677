import { signal } from '@preact/signals';
import { idAt, type MessageId, type PeerId, type Position } from '../../protocol/index.ts';

/** What the window shows. Each has an address of its own, so the browser's Back works. */
export type Route =
  | { page: 'home' }
  | { page: 'archive' }
  | { page: 'chat'; peer: PeerId; topic?: MessageId; message?: Position; hasInfo: boolean }
  /** `root`: the message of a group, or the post of a channel, with which the thread began. */
  | { page: 'thread'; peer: PeerId; root: MessageId; message?: MessageId }
  | { page: 'settings'; section?: string }
  | { page: 'contacts' }
  | { page: 'new'; kind: 'group' | 'channel' | 'contact' }
  | { page: 'link'; path: string };

/** Reads the part of the address behind `#`. Pure. */
export function parseRoute(hash: string): Route {
  const [page = '', first, second, third, fourth, fifth] = hash.replace(/^#?\/?/, '').split('/');
  switch (page) {
    case 'archive':
    case 'contacts':
      return { page };
    case 'chat': {
      const peer = Number(first);
      if (!Number.isSafeInteger(peer) || peer === 0) return { page: 'home' };
      const [topic, message] = second === 'topic' ? [readId(third), readPosition(fourth)] : [undefined, readPosition(second)];
      return { page: 'chat', peer, hasInfo: [second, third, fourth, fifth].includes('info'), ...(topic === undefined ? {} : { topic }), ...(message === undefined ? {} : { message }) };
    }
    case 'thread': {
      const peer = Number(first);
      const [root, message] = [readId(second), readId(third)];
      if (!Number.isSafeInteger(peer) || peer >= 0 || root === undefined) return { page: 'home' };
      return { page, peer, root, ...(message === undefined ? {} : { message }) };
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

/** Reads an id of a message. Pure. */
function readId(text: string | undefined): MessageId | undefined {
  const id = Number(text);
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

/** Reads where a message stands in the history of a chat. Pure. */
function readPosition(text: string | undefined): Position | undefined {
  const position = Number(text);
  return readId(Number.isSafeInteger(position) ? String(idAt(position)) : undefined) === undefined ? undefined : position;
}

/** The address of a topic of a forum. Pure. */
export const topicAddress = (peer: PeerId, topic: MessageId, message?: Position): string => `#/chat/${peer}/topic/${topic}${message === undefined ? '' : `/${message}`}`;

/** The address of a chat. Pure. */
export const chatAddress = (peer: PeerId, message?: Position): string => `#/chat/${peer}${message === undefined ? '' : `/${message}`}`;

/** The address of an open chat: at a topic and a message, and with everything about it beside its history. Pure. */
export function addressOf({ peer, topic, message, hasInfo }: Omit<Extract<Route, { page: 'chat' }>, 'page'>): string {
  return `${topic === undefined ? chatAddress(peer, message) : topicAddress(peer, topic, message)}${hasInfo ? '/info' : ''}`;
}

/** The address of the thread of a message. Pure. @param message a reply to be shown */
export const threadAddress = (peer: PeerId, root: MessageId, message?: MessageId): string => `#/thread/${peer}/${root}${message === undefined ? '' : `/${message}`}`;

export const route = signal<Route>(parseRoute(location.hash));
addEventListener('hashchange', () => (route.value = parseRoute(location.hash)));

/** Goes to another address. @param replaces leaves no step for Back */
export function go(address: string, replaces = false): void {
  if (replaces) {
    history.replaceState(null, '', address);
    route.value = parseRoute(address);
  } else location.hash = address;
}
