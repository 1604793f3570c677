import { computed, effect, signal } from '@preact/signals';
import { addressOf, parseRoute, type Route, route, threadAddress } from './route.ts';
import { isWide } from './wide.ts';

const KEYS = { list: 'aerogram-side', chat: 'aerogram-kept-chat' };

/** Which list of chats stands beside an open chat: where one came from. A reload keeps it. */
export const sideList = signal<'main' | 'archive'>(sessionStorage.getItem(KEYS.list) === 'archive' ? 'archive' : 'main');

/** The folder whose chats are listed; 0 for all. */
export const chosenFolder = signal(0);

/** The chat that was open last. It stays open while something else than the list of chats stands beside it. A reload keeps it. */
const keptChat = signal(parseRoute(sessionStorage.getItem(KEYS.chat) ?? ''));

/** The chat that a place leaves behind it; undefined if the place changes nothing about that. Pure. */
function chatAfter(at: Route): Route | undefined {
  switch (at.page) {
    case 'chat':
      return { ...at, tag: undefined, info: undefined };
    case 'thread':
    case 'home':
      return at;
    case 'archive':
      return { page: 'home' };
    default:
      return undefined;
  }
}

/** The address of the chat that stays open; of the list of chats if there is none. */
const keptAddress = (): string => {
  const { value: at } = keptChat;
  return at.page === 'chat' ? addressOf(at) : at.page === 'thread' ? threadAddress(at.peer, at.root, at.message) : '#/';
};

effect(() => {
  const at = route.value;
  if (at.page === 'archive') sideList.value = 'archive';
  else if (at.page !== 'chat') sideList.value = 'main';
  sessionStorage.setItem(KEYS.list, sideList.value);
  const next = chatAfter(at);
  if (!next) return;
  keptChat.value = next;
  sessionStorage.setItem(KEYS.chat, keptAddress());
});

/** Pages that stand in the column of the list, and leave the open chat where it is. */
const isBeside = ({ page, ...at }: Route): boolean => page === 'contacts' || page === 'calls' || page === 'new' || page === 'tag' || page === 'link' || (page === 'settings' && 'section' in at && at.section === undefined);

/** What the window shows beside its first column. */
export const shownRoute = computed<Route>(() => (isWide.value && isBeside(route.value) && keptChat.value.page !== 'home' ? keptChat.value : route.value));

/** Where Back leads from a page in the column of the list. */
export const leaveAddress = (): string => (isWide.value ? keptAddress() : '#/');
