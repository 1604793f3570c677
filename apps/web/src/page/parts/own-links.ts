import type { MessageId, Peer, PeerId } from '../../protocol/index.ts';
import { readBotQuery, writeBotQuery } from './bot-query.ts';
import { copyText } from './copy-text.ts';
import { readThreadQuery, writeThreadQuery } from './thread-query.ts';

/** Hosts under which the server hands out its links; apps know no other. */
const LINK_HOSTS = new Set(['t.me', 'telegram.me', 'telegram.dog']);
/** Paths of this server that are no names. */
const OWN_PAGES = new Set(['about', 'admin', 'assets', 'enter', 'healthz', 'invite', 'readyz', 'metrics']);

const LINK_PATH = /^\/(?:(?:\+|%2B|joinchat\/)[\w-]{1,64}|addlist\/[\w-]{1,64}|add(?:stickers|emoji)\/\w{1,64}|c\/\d{1,13}(?:\/\d{1,9}){1,2}|[a-z]\w{3,31}(?:\/\d{1,9}){0,2})\/?$/i;

/** The message that a link of an app names, with its topic, as a path has them. Pure. */
const placeOf = (said: URLSearchParams): string => ['topic', 'post'].flatMap((name) => said.get(name) ?? []).map((id) => `/${id}`).join('');

/** Reads a link of an app, such as `tg://join?invite=hash`. Pure. */
function pathOfAppLink({ host, searchParams: said }: URL): string | undefined {
  switch (host) {
    case 'join':
      return said.has('invite') ? `/+${said.get('invite')}` : undefined;
    case 'addlist':
      return said.has('slug') ? `/addlist/${said.get('slug')}` : undefined;
    case 'addstickers':
    case 'addemoji':
      return said.has('set') ? `/${host}/${said.get('set')}` : undefined;
    case 'resolve':
      return said.has('domain') ? `/${said.get('domain')}${placeOf(said)}` : undefined;
    case 'privatepost':
      return said.has('channel') ? `/c/${said.get('channel')}${placeOf(said)}` : undefined;
    default:
      return undefined;
  }
}

/** Reads an absolute address. `URL.canParse` is missing in Chromium before 120 and Safari before 17. Pure. @returns undefined for what is none */
function readAddress(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** What this client understands of the query of a link. Pure. */
function queryOf(search: string): string {
  const bot = readBotQuery(search);
  if (bot) return `?${writeBotQuery(bot)}`;
  const thread = readThreadQuery(search);
  return thread ? `?${writeThreadQuery(thread)}` : '';
}

/**
 * Where in this client a link leads that this server, or `t.me`, understands. Pure.
 * @param target an absolute address
 * @param origin of this server
 * @returns undefined for all other links
 */
export function ownRoute(target: string, origin: string): string | undefined {
  const url = readAddress(target);
  if (!url) return undefined;
  const isWeb = (url.protocol === 'https:' || url.protocol === 'http:') && (url.origin === origin || LINK_HOSTS.has(url.host));
  const path = url.protocol === 'tg:' ? pathOfAppLink(url) : isWeb ? url.pathname : undefined;
  if (path === undefined || !LINK_PATH.test(path) || OWN_PAGES.has(path.slice(1).toLowerCase())) return undefined;
  return `#/link${path.replace(/\/$/, '').replace(/^\/(?:%2B|joinchat\/)/i, '/+')}${queryOf(url.search)}`;
}

/** A link of this server as people pass it on: with the address of this server in place of `t.me`. Pure. */
export function withOwnOrigin(link: string, origin: string): string {
  const url = new URL(link);
  return LINK_HOSTS.has(url.host) ? `${origin}${url.pathname}` : link;
}

/** A link of this server without `https://`. */
export const shortLink = (link: string): string => withOwnOrigin(link, location.origin).replace(/^https?:\/\//, '');

/** Bare ids of channels are below this number. @see https://core.telegram.org/api/bots/ids */
const CHANNEL_MARK = -1_000_000_000_000;

/** The link to a topic of a forum, or to a message of it, for this server. Without a public name it works for members only. Pure. */
export function topicLink(peer: Peer | undefined, forum: PeerId, topic: MessageId, message?: MessageId): string {
  const [username] = peer?.usernames ?? [];
  return `${location.origin}/${username ?? `c/${CHANNEL_MARK - forum}`}/${topic}${message === undefined ? '' : `/${message}`}`;
}

/** Copies a link of this server. */
export const copyLink = (link: string): Promise<void> => copyText(withOwnOrigin(link, location.origin));
