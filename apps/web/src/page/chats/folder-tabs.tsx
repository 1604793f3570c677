import type { FunctionComponent } from 'preact';
import type { Folder } from '../../protocol/index.ts';
import { chosenFolder } from '../ground/side.ts';
import { OnlyRead } from '../parts/only-read.tsx';
import { type Tab, Tabs } from '../parts/tabs.tsx';
import { t } from '../ground/text.ts';

/** Folders as tabs, each with how many of its chats have something unread. */
export const FolderTabs: FunctionComponent<{ tabs: Folder[] }> = ({ tabs }) => {
  const chosen = tabs.some(({ id }) => id === chosenFolder.value) ? chosenFolder.value : 0;
  const draw = ({ id, title, unread, isMuted }: Folder): Tab<number> => {
    const shown = id === 0 ? t('allChats') : title;
    return {
      id,
      title: (
        <>
          <span>
            <bdi>{shown}</bdi>
            {unread > 0 && <OnlyRead>, {t('unread', { n: unread })}</OnlyRead>}
          </span>
          {unread > 0 && (
            <span class={`badge badge-small${isMuted ? ' badge-muted' : ''}`} aria-hidden="true">
              {unread}
            </span>
          )}
        </>
      ),
    };
  };
  return (
    <nav class="folder-tabs" aria-label={t('folders')}>
      <Tabs label={t('folders')} tabs={tabs.map(draw)} chosen={chosen} onChoose={(id) => (chosenFolder.value = id)} />
    </nav>
  );
};
