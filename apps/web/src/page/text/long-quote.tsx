import type { ComponentChildren, FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { t } from '../ground/text.ts';

/** A quote of which only the beginning is shown until one wants more. */
export const LongQuote: FunctionComponent<{ children?: ComponentChildren }> = ({ children }) => {
  const isOpen = useSignal(false);
  return (
    <blockquote class={isOpen.value ? undefined : 'is-collapsed'}>
      {children}
      <button class="link" type="button" aria-expanded={isOpen.value} aria-label={t(isOpen.value ? 'showLess' : 'showMore')} onClick={() => (isOpen.value = !isOpen.value)} />
    </blockquote>
  );
};
