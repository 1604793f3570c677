import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import ListFilter from 'lucide-static/icons/list-filter.svg';
import type { LogEvent } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { formatDay } from '../parts/dates.ts';
import { attempt } from '../parts/notice.tsx';
import { SearchBox } from '../parts/search-box.tsx';
import { chooseFilter, type LogFilter } from './log-filter.tsx';
import { LogLine } from './log-line.tsx';
import type { ManagePageProps } from './page-props.ts';

/** The server is asked when nothing was typed for so long, in milliseconds. */
const PAUSE_MS = 300;

/** Cuts events into days. Pure but for the language. */
function byDay(events: readonly LogEvent[]): { day: string; events: LogEvent[] }[] {
  const days: { day: string; events: LogEvent[] }[] = [];
  for (const event of events) {
    const day = formatDay(event.date);
    const last = days.at(-1);
    if (last?.day === day) last.events.push(event);
    else days.push({ day, events: [event] });
  }
  return days;
}

/** What was done in a supergroup or channel lately, the last first. */
export const LogPage: FunctionComponent<ManagePageProps> = ({ id, peer }) => {
  const query = useSignal('');
  const filter = useSignal<LogFilter>({});
  const found = useSignal<{ events: LogEvent[]; hasMore: boolean } | undefined>(undefined);
  /** Answers to what is not wanted any more are left out. */
  const asked = useRef(0);
  const load = async (isAnew: boolean): Promise<void> => {
    const own = ++asked.current;
    const known = isAnew ? [] : (found.value?.events ?? []);
    const asking = ask('manage.log', { peer: id, query: query.value.trim(), ...filter.value, before: known.at(-1)?.id });
    if (!(await attempt(asking)) || own !== asked.current) return;
    const { events, hasMore } = await asking;
    found.value = { events: [...known, ...events], hasMore };
  };
  const wanted = query.value.trim();
  useEffect(() => {
    const timer = setTimeout(() => void load(true), wanted === '' ? 0 : PAUSE_MS);
    return () => clearTimeout(timer);
  }, [id, wanted, filter.value]);
  const choose = async (): Promise<void> => {
    const chosen = await chooseFilter(id, filter.value);
    if (chosen) filter.value = chosen;
  };
  const isFiltered = filter.value.kinds !== undefined || filter.value.by !== undefined;
  return (
    <>
      <div class="log-head">
        <SearchBox label={t('searchActions')} query={query} />
        <button class="round" type="button" aria-label={t('filter')} aria-pressed={isFiltered} onClick={() => void choose()}>
          <ListFilter />
        </button>
      </div>
      <section class="log" aria-label={t('logTitlePage')} aria-busy={found.value === undefined}>
        {byDay(found.value?.events ?? []).map(({ day, events }) => (
          <div key={day}>
            <h3 class="info-card-title">{day}</h3>
            <ul class="info-card log-list" aria-label={t('logTitlePage')}>
              {events.map((event) => (
                <LogLine key={event.id} peer={peer} event={event} />
              ))}
            </ul>
          </div>
        ))}
      </section>
      {found.value?.events.length === 0 && <p class="empty">{t('noActions')}</p>}
      {found.value?.hasMore && (
        <button class="link more-results" type="button" onClick={() => void load(false)}>
          {t('moreMembers')}
        </button>
      )}
      <p class="hint info-card-hint">{t('logText')}</p>
    </>
  );
};
