import type { FunctionComponent } from 'preact';
import { useRef } from 'preact/hooks';
import { ask } from '../app/link.ts';
import { route } from '../app/route.ts';
import { t } from '../parts/text.ts';
import { useView } from '../parts/use-view.ts';
import { useVirtual } from '../parts/use-virtual.ts';
import { ChatRow } from './chat-row.tsx';

/** Height of a row in pixels, as the styles say. */
const ROW = 72;
/** Rows before the end of what is loaded at which the next page is asked for. */
const AHEAD = 20;

/** The list of chats, or a part of it. */
export const ChatList: FunctionComponent<{ list: 'main' | 'archive' | number }> = ({ list }) => {
  const view = useView('chats', { list });
  const scroller = useRef<HTMLDivElement>(null);
  const { order = [], items = {}, hasMore } = view.state.value;
  const rows = useVirtual({
    count: order.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    getItemKey: (index) => order[index]!,
    overscan: 6,
    onScroll: ({ range }) => {
      if (hasMore && range && range.endIndex > order.length - AHEAD) void ask('chats.more', { view: view.id }).catch(() => undefined);
    },
  });
  const at = route.value;
  return (
    <div class="chat-list" ref={scroller}>
      {order.length === 0 && hasMore === false && (
        <div class="empty">
          <p>{t('noChats')}</p>
          <p>{t('noChatsText')}</p>
        </div>
      )}
      <ul aria-label={t('chats')} style={{ height: `${rows.getTotalSize()}px` }}>
        {rows.getVirtualItems().map(({ key, index, start }) => {
          const item = items[order[index]!];
          return (
            <li key={key} style={{ transform: `translateY(${start}px)` }} aria-setsize={order.length} aria-posinset={index + 1}>
              {item && <ChatRow item={item} isOpen={at.page === 'chat' && at.peer === item.chat.peer} />}
            </li>
          );
        })}
      </ul>
    </div>
  );
};
