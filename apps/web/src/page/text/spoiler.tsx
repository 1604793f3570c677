import type { ComponentChildren, FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { t } from '../ground/text.ts';

/** Text that is hidden until one presses it. */
export const Spoiler: FunctionComponent<{ children?: ComponentChildren }> = ({ children }) => {
  const isShown = useSignal(false);
  if (isShown.value) return <span class="spoiler is-shown">{children}</span>;
  const show = (event: Event): void => {
    event.preventDefault();
    event.stopPropagation();
    isShown.value = true;
  };
  return (
    <span class="spoiler" role="button" aria-label={t('hiddenText')} tabIndex={0} onClickCapture={show} onKeyDown={(event) => (event.key === 'Enter' || event.key === ' ') && show(event)}>
      <span>{children}</span>
    </span>
  );
};
