import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import ChevronDown from 'lucide-static/icons/chevron-down.svg';
import ChevronUp from 'lucide-static/icons/chevron-up.svg';
import X from 'lucide-static/icons/x.svg';
import type { MessagePage } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { useOpenChat } from '../open-chat/open-chat.ts';
import { SearchBox } from '../parts/search-box.tsx';
import { t } from '../ground/text.ts';
import { PAUSE_MS } from './pause.ts';

/** Results that are left when more are asked for. */
const AHEAD = 3;

/** Searches the messages of a chat: the newest match first, the chat jumps to each. */
export const ChatSearch: FunctionComponent<{ onClose(): void }> = ({ onClose }) => {
  const open = useOpenChat();
  const { peer, thread } = open;
  const query = useSignal('');
  const found = useSignal<MessagePage | undefined>(undefined);
  const at = useSignal(0);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const show = (page: MessagePage, index: number): void => {
    at.value = index;
    const message = page.messages[index];
    if (message) void open.jump({ message });
  };
  useEffect(() => {
    found.value = undefined;
    if (query.value.trim() === '') return undefined;
    let isCurrent = true;
    const search = async (): Promise<void> => {
      const page = await ask('search.inChat', { peer, thread, query: query.value }).catch(() => ({ messages: [], total: 0, hasMore: false }));
      if (!isCurrent) return;
      found.value = page;
      show(page, 0);
    };
    const timer = setTimeout(() => void search(), PAUSE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [query.value]);
  const loadMore = async (page: MessagePage): Promise<void> => {
    const last = page.messages.at(-1);
    const more = await ask('search.inChat', { peer: last?.peer ?? peer, thread, query: query.value, before: last?.id }).catch(() => undefined);
    if (!more || found.value !== page) return;
    found.value = { messages: [...page.messages, ...more.messages], total: page.total, hasMore: more.hasMore };
  };
  const step = (by: number): void => {
    const page = found.value;
    const next = at.value + by;
    if (!page || next < 0 || next >= page.messages.length) return;
    show(page, next);
    if (page.hasMore && next > page.messages.length - AHEAD) void loadMore(page);
  };
  const page = found.value;
  const count = page === undefined ? '' : page.messages.length === 0 ? t('nothingFound') : t('resultOf', { n: at.value + 1, total: Math.max(page.total, page.messages.length) });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter') step(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
  };
  return (
    <div class="bar chat-search" role="search">
      <SearchBox label={t('searchInChat')} query={query} field={field} onKeyDown={onKeyDown} />
      <span class="chat-search-count" role="status">
        {count}
      </span>
      <button class="round" type="button" aria-label={t('nextResult')} disabled={!page || at.value >= page.messages.length - 1} onClick={() => step(1)}>
        <ChevronUp />
      </button>
      <button class="round" type="button" aria-label={t('previousResult')} disabled={!page || at.value === 0} onClick={() => step(-1)}>
        <ChevronDown />
      </button>
      <button class="round" type="button" aria-label={t('leaveSearch')} onClick={onClose}>
        <X />
      </button>
    </div>
  );
};
