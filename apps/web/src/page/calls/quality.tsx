import type { FunctionComponent } from 'preact';
import { t } from '../ground/text.ts';

const BARS = [1, 2, 3, 4];

/** How good the connection of a call is, 0 to 4. */
export const Quality: FunctionComponent<{ bars: number }> = ({ bars }) => (
  <span class="call-quality" role="img" aria-label={t('quality', { n: bars })}>
    {BARS.map((bar) => (
      <span key={bar} class={bar <= bars ? 'is-full' : undefined} />
    ))}
  </span>
);
