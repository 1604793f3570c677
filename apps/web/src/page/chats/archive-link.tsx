import type { FunctionComponent } from 'preact';
import ArchiveIcon from 'lucide-static/icons/archive.svg';
import { OnlyRead } from '../parts/only-read.tsx';
import { t } from '../ground/text.ts';
import { folders } from '../ground/folders.ts';

/** The way to the archive, above the list of chats. */
export const ArchiveLink: FunctionComponent = () => {
  const { archived = 0, archivedUnread = 0 } = folders.value;
  return (
    <a class="archive-link" href="#/archive">
      <ArchiveIcon />
      <span>{t('archive')}</span>
      <span class="archive-count">
        {t('chatCount', { n: archived })}
        {archivedUnread > 0 && <OnlyRead>, {t('unread', { n: archivedUnread })}</OnlyRead>}
      </span>
      {archivedUnread > 0 && (
        <span class="badge badge-muted" aria-hidden="true">
          {archivedUnread}
        </span>
      )}
    </a>
  );
};
