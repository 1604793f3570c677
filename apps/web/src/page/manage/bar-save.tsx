import type { FunctionComponent } from 'preact';
import { signal, useSignal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';
import { t } from '../ground/text.ts';

/** What "Save" does on the page that is shown; undefined while no text differs. */
const saving = signal<(() => Promise<unknown>) | undefined>(undefined);

/** Offers "Save" in the bar. @param save undefined: nothing is to be saved */
export function useBarSave(save: (() => Promise<unknown>) | undefined): void {
  useLayoutEffect(() => {
    saving.value = save;
    return () => void (saving.value = undefined);
  });
}

/** Saves the texts of a page. */
export const BarSave: FunctionComponent = () => {
  const isBusy = useSignal(false);
  const { value: save } = saving;
  if (!save) return null;
  const act = async (): Promise<void> => {
    isBusy.value = true;
    await save();
    isBusy.value = false;
  };
  return (
    <button class="link bar-save" type="button" disabled={isBusy.value} aria-busy={isBusy.value} onClick={() => void act()}>
      {t('save')}
    </button>
  );
};
