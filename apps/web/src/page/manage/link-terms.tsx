import type { FunctionComponent } from 'preact';
import type { LinkTerms } from '../../protocol/index.ts';
import { t } from '../ground/text.ts';
import { formatFull, nowSeconds } from '../parts/dates.ts';
import { Switch } from '../parts/switch.tsx';

const HOUR_S = 3600;

/** How long a new link may last, in seconds. */
const TIMES = [[HOUR_S, 'linkHour'], [24 * HOUR_S, 'untilDay'], [7 * 24 * HOUR_S, 'untilWeek'], [30 * 24 * HOUR_S, 'untilMonth']] as const;

/** How many people may come by it. */
const NUMBERS = [1, 10, 100, 1000] as const;

interface LinkTermsProps {
  terms: LinkTerms;
  isBusy?: boolean;
  onChange(terms: LinkTerms): void;
}

/** How long an invite link lasts, for how many people, and whether admins decide about them. */
export const LinkTermsFields: FunctionComponent<LinkTermsProps> = ({ terms, isBusy, onChange }) => (
  <div class="info-card info-card-fields" aria-busy={isBusy}>
    <label class="field">
      <span>{t('linkEnds')}</span>
      <select value={terms.ends === 0 ? 0 : 'set'} onChange={({ currentTarget }) => onChange({ ...terms, ends: currentTarget.value === '0' ? 0 : nowSeconds() + Number(currentTarget.value) })}>
        {terms.ends !== 0 && <option value="set">{formatFull(terms.ends)}</option>}
        <option value={0}>{t('linkNever')}</option>
        {TIMES.map(([seconds, name]) => (
          <option key={name} value={seconds}>
            {t(name)}
          </option>
        ))}
      </select>
    </label>
    {!terms.needsApproval && (
      <label class="field">
        <span>{t('linkMax')}</span>
        <select value={terms.max} onChange={({ currentTarget }) => onChange({ ...terms, max: Number(currentTarget.value) })}>
          <option value={0}>{t('linkNoMax')}</option>
          {[...new Set([...NUMBERS, ...(terms.max > 0 ? [terms.max] : [])])].sort((first, second) => first - second).map((number) => (
            <option key={number} value={number}>
              {number}
            </option>
          ))}
        </select>
      </label>
    )}
    <Switch text={t('approveNew')} isOn={terms.needsApproval} isBusy={isBusy} onChange={(needsApproval) => onChange({ ...terms, needsApproval, max: needsApproval ? 0 : terms.max })} />
  </div>
);
