import type { FunctionComponent } from 'preact';
import type { Message } from '../../protocol/index.ts';
import { PhotoContent } from '../media/photo.tsx';
import { t } from '../parts/text.ts';

/** What a message has beside its text. */
export const MediaContent: FunctionComponent<{ message: Message }> = ({ message }) => {
  const { media } = message;
  switch (media?.kind) {
    case undefined:
      return message.local ? <PhotoContent message={message} /> : null;
    case 'page':
      return null;
    case 'photo':
      return <PhotoContent message={message} photo={media.photo} />;
    default:
      return <p class="not-shown">{t('notShown')}</p>;
  }
};
