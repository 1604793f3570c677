import type { FunctionComponent } from 'preact';
import ArchiveIcon from 'lucide-static/icons/archive.svg';
import { t } from '../parts/text.ts';
import { folders } from './folders.ts';

/** The way to the archive, above the list of chats. */
export const ArchiveLink: FunctionComponent = () => {
  const { archived = 0, archivedUnread = 0 } = folders.value;
  const count = t('chatCount', { n: archived });
  return (
    <a class="archive-link" href="#/archive" aria-label={[t('archive'), count, archivedUnread > 0 ? t('unread', { n: archivedUnread }) : undefined].filter(Boolean).join(', ')}>
      <ArchiveIcon />
      <span>{t('archive')}</span>
      <span class="archive-count">{count}</span>
      {archivedUnread > 0 && <span class="badge badge-muted">{archivedUnread}</span>}
    </a>
  );
};
