import { expect, test, vi } from 'vitest';
import { type NoticeScope, placeOfNotice, readNotice, startNotices } from '../src/service-worker/notices.ts';

test('a notice leads to its message, and replaces an earlier one of the same chat', () => {
  expect(placeOfNotice({ from_id: '5', msg_id: '7' })).toEqual({ tag: '1/5', address: '/chat/5/7' });
  expect(placeOfNotice({ chat_id: '10', chat_from_id: '5', msg_id: '7' })).toEqual({ tag: '1/-10', address: '/chat/-10/7' });
  expect(placeOfNotice({ channel_id: '12', msg_id: '7' })).toEqual({ tag: '1/-1000000000012', address: '/chat/-1000000000012/7' });
  expect(placeOfNotice({})).toEqual({ tag: '1/', address: '/' });
  expect(placeOfNotice({ from_id: 'javascript:alert(1)', msg_id: '../' })).toEqual({ tag: '1/', address: '/' });
});

test('what cannot be read is shown as a message of which nothing is known', () => {
  for (const text of ['', 'no JSON', '7', 'null', '{"title":3,"custom":"x"}']) expect(readNotice(text)).toMatchObject({ title: 'Aerogram', body: 'New message', badge: undefined });
  expect(readNotice('{"title":"Ann","description":"hello","badge":"3","custom":{"from_id":"5","silent":"1"}}')).toEqual({ title: 'Ann', body: 'hello', place: { tag: '1/5', address: '/chat/5' }, badge: 3, isSilent: true });
});

interface Shown {
  title: string;
  options: NotificationOptions;
}

/** A service worker's scope with some windows. */
function scopeWith(windows: { focused: boolean; url: string }[]) {
  const listeners = new Map<string, (event: object) => void>();
  const shown: Shown[] = [];
  const [opened, told]: [string[], unknown[]] = [[], []];
  const scope: NoticeScope = {
    addEventListener: (type: string, listener: unknown) => void listeners.set(type, listener as (event: object) => void),
    registration: { showNotification: (title, options) => Promise.resolve(void shown.push({ title, options })) },
    navigator: {},
    clients: {
      matchAll: () => Promise.resolve(windows.map((window) => ({ ...window, focus: () => Promise.resolve(), postMessage: (message: unknown) => void told.push(message) }))),
      openWindow: (url) => Promise.resolve(void opened.push(url)),
    },
  };
  startNotices(scope);
  const fire = async (type: string, event: object): Promise<void> => {
    let done: Promise<unknown> = Promise.resolve();
    listeners.get(type)!({ ...event, waitUntil: (until: Promise<unknown>) => (done = until) });
    await done;
  };
  return { shown, opened, told, fire, push: (notice: object) => fire('push', { data: { text: () => JSON.stringify(notice) } }) };
}

const NOTICE = { title: 'Ann', description: 'hello', custom: { from_id: '5', msg_id: '7' } };

test('each push shows one notification, unless somebody looks at that very chat', async () => {
  const away = scopeWith([{ focused: false, url: 'https://chat.example/#/chat/5' }, { focused: true, url: 'https://chat.example/#/chat/6' }]);
  await away.push(NOTICE);
  expect(away.shown).toMatchObject([{ title: 'Ann', options: { body: 'hello', tag: '1/5' } }]);
  const there = scopeWith([{ focused: true, url: 'https://chat.example/#/chat/5/3' }]);
  await there.push(NOTICE);
  expect(there.shown).toEqual([]);
});

test('a press opens the message, in a window that is there or in a new one', async () => {
  const close = vi.fn<() => void>();
  const press = { notification: { close, data: { address: '/chat/5/7' } } };
  const none = scopeWith([]);
  await none.fire('notificationclick', press);
  expect(none.opened).toEqual(['/#/chat/5/7']);
  const one = scopeWith([{ focused: false, url: 'https://chat.example/#/' }]);
  await one.fire('notificationclick', press);
  expect(one.told).toEqual([{ type: 'open', address: '/chat/5/7' }]);
  expect(close).toHaveBeenCalledTimes(2);
});
