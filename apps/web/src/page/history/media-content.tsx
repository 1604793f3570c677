import type { FunctionComponent } from 'preact';
import type { Message } from '../../protocol/index.ts';
import { t } from '../parts/text.ts';

/** What a message has beside its text. */
export const MediaContent: FunctionComponent<{ message: Message }> = ({ message: { media } }) => {
  switch (media?.kind) {
    case undefined:
    case 'page':
      return null;
    default:
      return <p class="not-shown">{t('notShown')}</p>;
  }
};
