// Shows the notices that come while the page is closed. The text is the server's, as it comes; nothing is asked for, and no key is here.

import { noticeTag, type OpenAddress } from '../protocol/notices.ts';

/** What a notice has, as far as it is used here. All numbers are strings. */
interface Notice {
  title?: unknown;
  description?: unknown;
  custom?: Record<string, unknown>;
  badge?: unknown;
}

/** A chat in a notice: where a click leads, and what replaces an earlier notice of the same chat. */
export interface NoticePlace {
  tag: string;
  /** Behind `#` in the address of the page. */
  address: string;
}

const CHANNELS_BELOW = -1_000_000_000_000;

const numberOf = (value: unknown): number | undefined => (typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : undefined);

/** Where a notice leads. Pure. */
export function placeOfNotice(custom: Record<string, unknown> = {}): NoticePlace {
  const [user, chat, channel, message] = ['from_id', 'chat_id', 'channel_id', 'msg_id'].map((key) => numberOf(custom[key]));
  const peer = channel !== undefined ? CHANNELS_BELOW - channel : chat !== undefined ? -chat : user;
  if (peer === undefined) return { tag: noticeTag(peer), address: '/' };
  return { tag: noticeTag(peer), address: `/chat/${peer}${message === undefined ? '' : `/${message}`}` };
}

/** What a notification shows. Pure. @param text of the push; what cannot be read is shown as a message of which nothing is known */
export function readNotice(text: string): { title: string; body: string; place: NoticePlace; badge: number | undefined; isSilent: boolean } {
  let notice: Notice = {};
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read === 'object' && read !== null) notice = read;
  } catch {
    // Some text of which nothing is known.
  }
  const custom = typeof notice.custom === 'object' && notice.custom !== null ? notice.custom : {};
  const textOr = (value: unknown, otherwise: string): string => (typeof value === 'string' && value !== '' ? value : otherwise);
  return { title: textOr(notice.title, 'Aerogram'), body: textOr(notice.description, 'New message'), place: placeOfNotice(custom), badge: numberOf(notice.badge), isSilent: custom['silent'] === '1' };
}

interface Window {
  readonly focused: boolean;
  readonly url: string;
  focus(): Promise<unknown>;
  postMessage(message: OpenAddress): void;
}

/** What showing notices needs of the global scope; the types of browsers know those of pages only. */
export interface NoticeScope {
  addEventListener(type: 'push', listener: (event: { data: { text(): string } | null; waitUntil(until: Promise<unknown>): void }) => void): void;
  addEventListener(type: 'notificationclick', listener: (event: { notification: Notification; waitUntil(until: Promise<unknown>): void }) => void): void;
  registration: { showNotification(title: string, options: NotificationOptions & { badge?: string }): Promise<void> };
  navigator: { setAppBadge?(count: number): Promise<void>; clearAppBadge?(): Promise<void> };
  clients: { matchAll(options: { type: 'window'; includeUncontrolled: boolean }): Promise<readonly Window[]>; openWindow(url: string): Promise<unknown> };
}

/** Shows each push as one notification: a browser shows a stranger's text for one that shows nothing. */
export function startNotices(scope: NoticeScope): void {
  scope.addEventListener('push', (event) => event.waitUntil(show(scope, event.data?.text() ?? '')));
  scope.addEventListener('notificationclick', (event) => {
    event.notification.close();
    // The cast is safe: only `show` writes the data.
    event.waitUntil(open(scope, (event.notification.data as NoticePlace).address));
  });
}

async function show(scope: NoticeScope, text: string): Promise<void> {
  const { title, body, place, badge, isSilent } = readNotice(text);
  if (badge !== undefined) await (badge === 0 ? scope.navigator.clearAppBadge?.() : scope.navigator.setAppBadge?.(badge))?.catch(() => undefined);
  if (await isWatched(scope, place)) return;
  await scope.registration.showNotification(title, { body, tag: place.tag, data: place, icon: '/icon-192.png', badge: '/badge-96.png', silent: isSilent });
}

/** Whether somebody looks at the chat in a window. */
async function isWatched({ clients }: NoticeScope, { address }: NoticePlace): Promise<boolean> {
  const windows = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  const [, , peer] = address.split('/');
  return windows.some(({ focused, url }) => focused && peer !== undefined && new URL(url).hash.split('/')[2] === peer);
}

async function open({ clients }: NoticeScope, address: string): Promise<void> {
  const [window] = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (!window) return void (await clients.openWindow(`/#${address}`));
  await window.focus();
  window.postMessage({ type: 'open', address });
}
