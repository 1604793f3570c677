import { Dialog, openDialog } from './dialog.tsx';
import { t } from '../ground/text.ts';

/** Shows a text to copy by hand. */
export async function showText(text: string): Promise<void> {
  await openDialog((close) => (
    <Dialog title={t('copyByHand')} onClose={() => close()}>
      <p>{t('copyByHandText')}</p>
      <input class="text-to-copy" readOnly value={text} aria-label={t('copyByHand')} onFocus={({ currentTarget }) => currentTarget.select()} />
    </Dialog>
  ));
}
