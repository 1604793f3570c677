import type { FunctionComponent } from 'preact';
import { useRef } from 'preact/hooks';
import { ask, type OpenView } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { useArrowKeys } from '../parts/use-arrow-keys.ts';
import { useVirtual } from '../parts/use-virtual.ts';
import { TopicRow } from './topic-row.tsx';

/** Height of a row in pixels, as the styles say. */
const ROW = 72;
/** Rows before the end of what is loaded at which the next page is asked for. */
const AHEAD = 15;

/** The topics of a forum. One row is reached by Tab, the others by the arrow keys. */
export const TopicList: FunctionComponent<{ view: OpenView<'topics'> }> = ({ view }) => {
  const scroller = useRef<HTMLDivElement>(null);
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
  const { focused, move } = useArrowKeys({ order, scroller, attribute: 'data-topic', scrollTo: (index) => rows.scrollToIndex(index) });
  const shown = rows.getVirtualItems().map(({ index }) => order[index]!);
  const tabStop = focused.value !== undefined && shown.includes(focused.value) ? focused.value : shown[0];
  return (
    <div class="chat-list topic-list" ref={scroller}>
      {order.length === 0 && hasMore === false && <p class="empty">{t('noTopics')}</p>}
      <ul aria-label={t('topics')} style={{ height: `${rows.getTotalSize()}px` }} onKeyDown={(event) => move(event, tabStop)}>
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
