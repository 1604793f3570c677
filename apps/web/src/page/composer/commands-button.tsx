import type { FunctionComponent } from 'preact';
import type { Signal } from '@preact/signals';
import SquareSlash from 'lucide-static/icons/square-slash.svg';
import { t } from '../ground/text.ts';

/** Shows and hides what a bot can be told. @param hasName the bot wants it to be seen, so the button has a word beside its icon */
export const CommandsButton: FunctionComponent<{ isShown: Signal<boolean>; hasName: boolean }> = ({ isShown, hasName }) => (
  <button
    class={`round${hasName ? ' bot-menu' : ''}`}
    type="button"
    aria-label={t('botMenu')}
    aria-expanded={isShown.value}
    // The list closes when it loses the focus, and would be opened again by the click.
    onMouseDown={(event) => event.preventDefault()}
    onClick={() => (isShown.value = !isShown.value)}
  >
    <SquareSlash />
    {hasName && <span>{t('botMenuName')}</span>}
  </button>
);
