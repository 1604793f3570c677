import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import type { UnixTime } from '../../protocol/index.ts';
import { t } from '../ground/text.ts';
import { dayValue, startOfDay } from '../history/jump-to-date.tsx';
import { DAY_S, formatFull, nowSeconds } from '../parts/dates.ts';

/** Times that can be chosen, in seconds from now. */
const TIMES = { day: DAY_S, week: 7 * DAY_S, month: 30 * DAY_S } as const;

type Choice = keyof typeof TIMES | 'set' | 'ever' | 'date';

const NAMES = { ever: 'untilEver', day: 'untilDay', week: 'untilWeek', month: 'untilMonth', date: 'untilDate' } as const;

/** How long something lasts: for ever, for a time from now, or until the end of a day. @param until 0: for ever */
export const UntilField: FunctionComponent<{ until: UnixTime; onChange(until: UnixTime): void }> = ({ until, onChange }) => {
  const asksDate = useSignal(false);
  const choose = (choice: Choice): void => {
    asksDate.value = choice === 'date';
    if (choice === 'ever') onChange(0);
    else if (choice in TIMES) onChange(nowSeconds() + TIMES[choice as keyof typeof TIMES]);
  };
  const chosen: Choice = asksDate.value ? 'date' : until === 0 ? 'ever' : 'set';
  return (
    <div class="info-card info-card-fields">
      <label class="field">
        <span>{t('until')}</span>
        <select value={chosen} onChange={({ currentTarget }) => choose(currentTarget.value as Choice)}>
          {until !== 0 && <option value="set">{formatFull(until)}</option>}
          {(['ever', 'day', 'week', 'month', 'date'] as const).map((choice) => (
            <option key={choice} value={choice}>
              {t(NAMES[choice])}
            </option>
          ))}
        </select>
      </label>
      {asksDate.value && (
        <label class="field">
          <span>{t('untilEndOf')}</span>
          <input
            type="date"
            min={dayValue(nowSeconds())}
            max={dayValue(nowSeconds() + 365 * DAY_S)}
            onChange={({ currentTarget }) => {
              const start = startOfDay(currentTarget.value);
              if (start === undefined) return;
              asksDate.value = false;
              onChange(start + DAY_S - 1);
            }}
          />
        </label>
      )}
    </div>
  );
};
