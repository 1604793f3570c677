import type { FunctionComponent } from 'preact';
import Info from 'lucide-static/icons/info.svg';
import { addressOf, go } from '../ground/route.ts';
import { shownRoute } from '../ground/side.ts';
import { t } from '../ground/text.ts';

/** Shows the information about the open chat beside it, or hides it. */
export function toggleInfo(): void {
  const at = shownRoute.value;
  if (at.page === 'chat') go(addressOf({ ...at, info: at.info ? undefined : { at: 'main' } }), at.info !== undefined);
}

/** The button for that. */
export const InfoButton: FunctionComponent = () => {
  const at = shownRoute.value;
  return (
    <button class="round" type="button" aria-label={t('chatInfo')} aria-pressed={at.page === 'chat' && at.info !== undefined} onClick={toggleInfo}>
      <Info />
    </button>
  );
};
