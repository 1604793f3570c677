import type { FunctionComponent } from 'preact';
import X from 'lucide-static/icons/x.svg';
import { t } from '../ground/text.ts';

const RADIUS = 20;
const LENGTH = 2 * Math.PI * RADIUS;
/** Something is seen from the beginning on. */
const LEAST = 0.04;

/** How far a file has come, with a button to stop it. */
export const ProgressRing: FunctionComponent<{ label: string; value: number; onCancel(): void }> = ({ label, value, onCancel }) => (
  <span class="progress-ring">
    <span role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(value * 100)}>
      <svg viewBox="0 0 44 44" aria-hidden="true">
        <circle cx="22" cy="22" r={RADIUS} pathLength={LENGTH} stroke-dasharray={LENGTH} stroke-dashoffset={LENGTH * (1 - Math.max(LEAST, Math.min(1, value)))} />
      </svg>
    </span>
    <button type="button" aria-label={t('cancel')} onClick={onCancel}>
      <X />
    </button>
  </span>
);
