import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { DAY_S } from '../parts/dates.ts';
import { InfoCard } from '../parts/info-card.tsx';
import { useSaved } from '../parts/use-saved.ts';
import { changeSupergroup } from './need-supergroup.ts';
import type { ManagePageProps } from './page-props.ts';

/** Seconds that can be chosen, as other apps offer them. */
const TIMES = [0, 10, 30, 60, 300, 900, 3600] as const;

/** A time below the slider, as short as possible. */
function shortTime(seconds: number): string {
  if (seconds === 0) return t('slowOff');
  if (seconds < 60) return t('slowShortSeconds', { n: seconds });
  return seconds < 3600 ? t('slowShortMinutes', { n: seconds / 60 }) : t('slowShortHours', { n: seconds / 3600 });
}

/** A time in words, in its largest whole unit. */
export function longTime(seconds: number): string {
  if (seconds === 0) return t('slowOff');
  if (seconds < 60) return t('slowSeconds', { n: seconds });
  if (seconds < 3600) return t('slowMinutes', { n: Math.round(seconds / 60) });
  return seconds < DAY_S ? t('slowHours', { n: Math.round(seconds / 3600) }) : t('slowDays', { n: Math.round(seconds / DAY_S) });
}

/** The step of the slider that is nearest to a time, from below. Pure. */
export const stepOf = (seconds: number): number => TIMES.findLastIndex((time) => time <= seconds);

/** How long members wait between two messages. It is saved when the slider is let go. */
export const SlowMode: FunctionComponent<ManagePageProps> = ({ id, details: { settings } }) => {
  const { shown, isBusy, set } = useSaved(settings?.slowMode ?? 0, (seconds) => changeSupergroup(id, (peer) => ask('manage.setSlowMode', { peer, seconds })));
  /** Where the slider stands while it is moved. */
  const moved = useSignal<number | undefined>(undefined);
  const seconds = moved.value === undefined ? shown : TIMES[moved.value]!;
  const save = (step: number): void => {
    moved.value = undefined;
    if (step !== stepOf(shown)) set(TIMES[step]!);
  };
  return (
    <InfoCard title={t('slowMode')}>
      <div class="slider" aria-busy={isBusy}>
        <input
          type="range"
          min={0}
          max={TIMES.length - 1}
          step={1}
          value={stepOf(seconds)}
          aria-label={t('slowMode')}
          aria-valuetext={longTime(seconds)}
          onInput={({ currentTarget }) => (moved.value = currentTarget.valueAsNumber)}
          onChange={({ currentTarget }) => save(currentTarget.valueAsNumber)}
        />
        <p class="slider-steps" aria-hidden="true">
          {TIMES.map((time, step) => (
            <span key={time} class={step === stepOf(seconds) ? 'is-chosen' : undefined}>
              {shortTime(time)}
            </span>
          ))}
        </p>
      </div>
      <p class="hint info-card-hint">{seconds === 0 ? t('slowOffText') : t('slowText', { time: longTime(seconds) })}</p>
    </InfoCard>
  );
};
