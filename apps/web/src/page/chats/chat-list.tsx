import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { ListName, PeerId } from '../../protocol/index.ts';
import { ask } from '../app/link.ts';
import { route } from '../app/route.ts';
import { t } from '../parts/text.ts';
import { useView } from '../parts/use-view.ts';
import { useVirtual } from '../parts/use-virtual.ts';
import { ChatRow } from './chat-row.tsx';
import { pinsOf } from './pins.ts';
import { usePinDrag } from './use-pin-drag.ts';

/** Height of a row in pixels, as the styles say. */
const ROW = 72;
/** Rows before the end of what is loaded at which the next page is asked for. */
const AHEAD = 20;
const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -Infinity, End: Infinity };

/** The list of chats, or a part of it. One row is reached by Tab, the others by the arrow keys. */
export const ChatList: FunctionComponent<{ list: ListName }> = ({ list }) => {
  const view = useView('chats', { list });
  const scroller = useRef<HTMLDivElement>(null);
  /** The row that has, or would get, the focus. */
  const focused = useSignal<PeerId | undefined>(undefined);
  const wantsFocus = useRef(false);
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
  const shown = rows.getVirtualItems().map(({ index }) => order[index]!);
  const tabStop = [focused.value, open].find((peer) => peer !== undefined && shown.includes(peer)) ?? shown[0];
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step === undefined || order.length === 0 || event.shiftKey) return;
    event.preventDefault();
    const from = order.indexOf(focused.value ?? tabStop!);
    const next = Math.min(order.length - 1, Math.max(0, from + step));
    focused.value = order[next];
    wantsFocus.current = true;
    rows.scrollToIndex(next);
  };
  useEffect(() => {
    if (!wantsFocus.current) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-peer="${focused.value}"] a`);
    if (!row) return;
    wantsFocus.current = false;
    row.focus({ preventScroll: true });
  });
  return (
    <div class="chat-list" ref={scroller}>
      {order.length === 0 && hasMore === false && (
        <div class="empty">
          <p>{t(list === 'main' ? 'noChats' : list === 'archive' ? 'noArchived' : 'noChatsHere')}</p>
          {list === 'main' && <p>{t('noChatsText')}</p>}
        </div>
      )}
      <ul aria-label={t('chats')} style={{ height: `${rows.getTotalSize()}px` }} class={drag.dragged && 'is-arranged'} onKeyDown={onKeyDown} {...drag.handlers}>
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
