import { showText } from './show-text.tsx';
import { t } from '../ground/text.ts';
import { tell } from './notice.tsx';

/** Browsers give pages over plain HTTP no clipboard, but many still copy what is selected. */
function copySelected(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'copy-field';
  // A dialog takes the focus from everything outside of it.
  (document.querySelector('dialog[open]') ?? document.body).append(field);
  const before = document.activeElement;
  field.select();
  try {
    return document.execCommand('copy');
  } catch {
    return false;
  } finally {
    field.remove();
    if (before instanceof HTMLElement) before.focus();
  }
}

/** Copies a text, or shows it where the browser allows no copying. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    tell(t('copied'));
  } catch {
    if (copySelected(text)) tell(t('copied'));
    else await showText(text);
  }
}
