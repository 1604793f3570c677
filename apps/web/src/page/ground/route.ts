import { signal } from '@preact/signals';
import { idAt, type MessageId, type PeerId, type Position } from '../../protocol/index.ts';

/** Pages about a group or channel that stand at one address each, below `/info`. */
const INFO_PAGES = ['edit', 'type', 'discussion', 'links', 'requests', 'admins', 'permissions', 'reactions', 'removed', 'log'] as const;

/** What stands in the column beside a chat: everything about it, or a page where its group or channel is managed. */
export type InfoPage =
  | { at: 'main' | (typeof INFO_PAGES)[number] }
  /** An invite link, by the part of it that no other link has; undefined for a new one. */
  | { at: 'link'; hash?: string }
  /** What an admin may do, what is forbidden to a member, or the invite links of another admin. */
  | { at: 'admin' | 'exception' | 'linksOf'; user: PeerId };

/** What the window shows. Each has an address of its own, so the browser's Back works. */
export type Route =
  | { page: 'home' }
  | { page: 'archive' }
  /** `tag`: in place of its history, the messages of the chat that have this hashtag. */
  | { page: 'chat'; peer: PeerId; topic?: MessageId; message?: Position; info?: InfoPage; tag?: string }
  /** The messages of all chats that have a hashtag. */
  | { page: 'tag'; tag: string }
  /** `root`: the message of a group, or the post of a channel, with which the thread began. */
  | { page: 'thread'; peer: PeerId; root: MessageId; message?: MessageId }
  | { page: 'settings'; section?: string }
  | { page: 'contacts' }
  /** The calls that there were. */
  | { page: 'calls' }
  /** The call that goes on in this page. */
  | { page: 'call'; peer: PeerId }
  | { page: 'new'; kind: 'group' | 'channel' | 'contact' }
  | { page: 'link'; path: string };

/** Stands in an address in the place of a link that is yet to be made. */
const NEW_LINK = 'new';
/** Stands there before an admin whose links are listed. */
const LINKS_BY = 'by';

/** Reads the part of the address behind `#`. Pure. */
export function parseRoute(hash: string): Route {
  const parts = hash.replace(/^#?\/?/, '').split('/');
  const [page = '', first, second, third, fourth] = parts;
  switch (page) {
    case 'archive':
    case 'calls':
    case 'contacts':
      return { page };
    case 'chat': {
      const peer = Number(first);
      if (!Number.isSafeInteger(peer) || peer === 0) return { page: 'home' };
      const tag = second === 'tag' ? readTag(third) : undefined;
      if (tag !== undefined) return { page, peer, tag };
      const [topic, message] = second === 'topic' ? [readId(third), readPosition(fourth)] : [undefined, readPosition(second)];
      const infoAt = parts.indexOf('info', 2);
      return { page: 'chat', peer, ...(infoAt === -1 ? {} : { info: parseInfo(parts.slice(infoAt + 1)) }), ...(topic === undefined ? {} : { topic }), ...(message === undefined ? {} : { message }) };
    }
    case 'call': {
      const peer = Number(first);
      return Number.isSafeInteger(peer) && peer > 0 ? { page, peer } : { page: 'home' };
    }
    case 'thread': {
      const peer = Number(first);
      const [root, message] = [readId(second), readId(third)];
      if (!Number.isSafeInteger(peer) || peer >= 0 || root === undefined) return { page: 'home' };
      return { page, peer, root, ...(message === undefined ? {} : { message }) };
    }
    case 'tag': {
      const tag = readTag(first);
      return tag === undefined ? { page: 'home' } : { page, tag };
    }
    case 'settings':
      return { page, section: first === undefined ? undefined : parts.slice(1).join('/') };
    case 'new':
      return first === 'group' || first === 'channel' || first === 'contact' ? { page, kind: first } : { page: 'home' };
    case 'addstickers':
    case 'addemoji':
      return first === undefined ? { page: 'home' } : { page: 'link', path: `${page}/${first}` };
    case 'link':
      return { page, path: hash.replace(/^#?\/?link\//, '') };
    default:
      return { page: 'home' };
  }
}

/** Reads what follows `/info`. Pure. */
function parseInfo([name, what, of]: string[]): InfoPage {
  const isLinksOf = name === 'links' && what === LINKS_BY;
  const user = Number(isLinksOf ? of : what);
  const isUser = Number.isSafeInteger(user) && user > 0;
  if (isLinksOf) return isUser ? { at: 'linksOf', user } : { at: 'links' };
  if (name === 'links' && what !== undefined) return what === NEW_LINK ? { at: 'link' } : { at: 'link', hash: what };
  if (name === 'admins' && isUser) return { at: 'admin', user };
  if (name === 'permissions' && isUser) return { at: 'exception', user };
  return { at: INFO_PAGES.find((page) => page === name) ?? 'main' };
}

/** Reads a hashtag such as `#boats`, which stands in addresses without its first character, or a cashtag such as `$USD`. Pure. */
function readTag(text = ''): string | undefined {
  try {
    const tag = decodeURIComponent(text);
    return tag === '' ? undefined : tag.startsWith('$') ? tag : `#${tag}`;
  } catch {
    return undefined;
  }
}

/** The address of all messages with a hashtag or cashtag. Pure. @param peer searches one chat alone */
export const tagAddress = (tag: string, peer?: PeerId): string => `#/${peer === undefined ? '' : `chat/${peer}/`}tag/${encodeURIComponent(tag.replace(/^#/, ''))}`;

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

/** The address of the call with somebody. Pure. */
export const callAddress = (peer: PeerId): string => `#/call/${peer}`;

/** The part of an address that names a page about a chat. Pure. */
function infoPath(info: InfoPage): string {
  switch (info.at) {
    case 'main':
      return '/info';
    case 'link':
      return `/info/links/${info.hash ?? NEW_LINK}`;
    case 'linksOf':
      return `/info/links/${LINKS_BY}/${info.user}`;
    case 'admin':
      return `/info/admins/${info.user}`;
    case 'exception':
      return `/info/permissions/${info.user}`;
    default:
      return `/info/${info.at}`;
  }
}

/** The address of an open chat: at a topic and a message, and with a page about it beside its history. Pure. */
export function addressOf({ peer, topic, message, info }: Omit<Extract<Route, { page: 'chat' }>, 'page'>): string {
  return `${topic === undefined ? chatAddress(peer, message) : topicAddress(peer, topic, message)}${info === undefined ? '' : infoPath(info)}`;
}

/** The address of a page about the chat that is open. */
export function infoAddress(info: InfoPage): string {
  const at = route.value;
  return at.page === 'chat' ? addressOf({ ...at, info }) : '#/';
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
