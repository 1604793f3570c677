import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { MessageId } from '../../protocol/index.ts';
import { ask, type OpenView } from '../app/link.ts';
import { t } from '../parts/text.ts';
import { useVirtual } from '../parts/use-virtual.ts';
import { TopicRow } from './topic-row.tsx';

/** Height of a row in pixels, as the styles say. */
const ROW = 72;
/** Rows before the end of what is loaded at which the next page is asked for. */
const AHEAD = 15;
const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -Infinity, End: Infinity };

/** The topics of a forum. One row is reached by Tab, the others by the arrow keys. */
export const TopicList: FunctionComponent<{ view: OpenView<'topics'> }> = ({ view }) => {
  const scroller = useRef<HTMLDivElement>(null);
  /** The row that has, or would get, the focus. */
  const focused = useSignal<MessageId | undefined>(undefined);
  const wantsFocus = useRef(false);
  const { order = [], items = {}, hasMore } = view.state.value;
  const pins = order.filter((id) => items[id]?.topic.pinned !== undefined);
  const rows = useVirtual({
    count: order.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    getItemKey: (index) => order[index]!,
    overscan: 6,
    onScroll: ({ range }) => {
      if (hasMore && range && range.endIndex > order.length - AHEAD) void ask('topics.more', { view: view.id }).catch(() => undefined);
    },
  });
  const shown = rows.getVirtualItems().map(({ index }) => order[index]!);
  const tabStop = focused.value !== undefined && shown.includes(focused.value) ? focused.value : shown[0];
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step === undefined || order.length === 0 || event.shiftKey) return;
    event.preventDefault();
    const next = Math.min(order.length - 1, Math.max(0, order.indexOf(focused.value ?? tabStop!) + step));
    focused.value = order[next];
    wantsFocus.current = true;
    rows.scrollToIndex(next);
  };
  useEffect(() => {
    if (!wantsFocus.current) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-topic="${focused.value}"] a`);
    if (!row) return;
    wantsFocus.current = false;
    row.focus({ preventScroll: true });
  });
  return (
    <div class="chat-list topic-list" ref={scroller}>
      {order.length === 0 && hasMore === false && <p class="empty">{t('noTopics')}</p>}
      <ul aria-label={t('topics')} style={{ height: `${rows.getTotalSize()}px` }} onKeyDown={onKeyDown}>
        {rows.getVirtualItems().map(({ key, index, start }) => {
          const id = order[index]!;
          const item = items[id];
          return (
            <li key={key} data-topic={id} style={{ transform: `translateY(${start}px)` }} aria-setsize={hasMore ? -1 : order.length} aria-posinset={index + 1} onFocusIn={() => (focused.value = id)}>
              {item && <TopicRow item={item} hasTabStop={id === tabStop} pins={pins} />}
            </li>
          );
        })}
      </ul>
    </div>
  );
};
