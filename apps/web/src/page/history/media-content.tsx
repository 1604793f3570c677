import type { FunctionComponent } from 'preact';
import type { Message } from '../../protocol/index.ts';
import { MediaBody } from '../media/media-body.tsx';
import { t } from '../parts/text.ts';

/** What a message has beside its text. */
export const MediaContent: FunctionComponent<{ message: Message }> = ({ message }) => {
  switch (message.media?.kind) {
    case undefined:
    case 'photo':
    case 'document':
      return <MediaBody message={message} />;
    case 'page':
      return null;
    default:
      return <p class="not-shown">{t('notShown')}</p>;
  }
};
