import { effect, signal } from '@preact/signals';
import { route } from './route.ts';

const KEY = 'aerogram-side';

/** Which list of chats stands beside an open chat: where one came from. A reload keeps it. */
export const sideList = signal<'main' | 'archive'>(sessionStorage.getItem(KEY) === 'archive' ? 'archive' : 'main');

/** The folder whose chats are listed; 0 for all. */
export const chosenFolder = signal(0);

effect(() => {
  const { page } = route.value;
  if (page === 'archive') sideList.value = 'archive';
  else if (page !== 'chat') sideList.value = 'main';
  sessionStorage.setItem(KEY, sideList.value);
});
