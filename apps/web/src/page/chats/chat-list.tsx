import type { ComponentChildren, FunctionComponent } from 'preact';
import { useRef } from 'preact/hooks';
import type { ListName } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { route } from '../ground/route.ts';
import { t } from '../ground/text.ts';
import { useArrowKeys } from '../parts/use-arrow-keys.ts';
import { useView } from '../ground/use-view.ts';
import { useVirtual } from '../parts/use-virtual.ts';
import { ChatRow } from './chat-row.tsx';
import { pinsOf } from './pins.ts';
import { usePinDrag } from './use-pin-drag.ts';

/** Height of a row in pixels, as the styles say. */
const ROW = 72;
/** Rows before the end of what is loaded at which the next page is asked for. */
const AHEAD = 20;

interface ChatListProps {
  list: ListName;
  /** What stands in place of the rows if there are none. */
  children: ComponentChildren;
}

/** The list of chats, or a part of it. One row is reached by Tab, the others by the arrow keys. */
export const ChatList: FunctionComponent<ChatListProps> = ({ list, children }) => {
  const view = useView('chats', { list });
  const scroller = useRef<HTMLDivElement>(null);
  const { order: told = [], items = {}, hasMore } = view.state.value;
  const pins = pinsOf(view.state.value);
  const drag = usePinDrag({ list, pins, row: ROW, scroller });
  const order = [...drag.pins, ...told.filter((peer) => !drag.pins.includes(peer))];
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
  const open = at.page === 'chat' ? at.peer : undefined;
  const { focused, move } = useArrowKeys({ order, scroller, attribute: 'data-peer', scrollTo: (index) => rows.scrollToIndex(index) });
  const shown = rows.getVirtualItems().map(({ index }) => order[index]!);
  const tabStop = [focused.value, open].find((peer) => peer !== undefined && shown.includes(peer)) ?? shown[0];
  return (
    <div class="chat-list" ref={scroller}>
      {order.length === 0 && hasMore === false && children}
      <ul aria-label={t('chats')} style={{ height: `${rows.getTotalSize()}px` }} class={drag.dragged && 'is-arranged'} onKeyDown={(event) => move(event, tabStop)} {...drag.handlers}>
        {rows.getVirtualItems().map(({ key, index, start }) => {
          const peer = order[index]!;
          const item = items[peer];
          const isDragged = drag.dragged?.peer === peer;
          return (
            <li
              key={key}
              class={isDragged ? 'is-dragged' : undefined}
              data-peer={peer}
              style={{ transform: `translateY(${isDragged ? drag.dragged!.top : start}px)` }}
              aria-setsize={order.length}
              aria-posinset={index + 1}
              onFocusIn={() => (focused.value = peer)}
            >
              {item && <ChatRow item={item} isOpen={open === peer} hasTabStop={peer === tabStop} list={list} pins={pins} />}
            </li>
          );
        })}
      </ul>
    </div>
  );
};
