import type { FunctionComponent } from 'preact';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';

/** Goes back to the phone number. */
export const BackButton: FunctionComponent = () => (
  <button class="link" type="button" onClick={() => void ask('logIn.back', undefined)}>
    {t('back')}
  </button>
);
