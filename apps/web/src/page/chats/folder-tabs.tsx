import type { FunctionComponent } from 'preact';
import type { Folder } from '../../protocol/index.ts';
import { chosenFolder } from '../app/side.ts';
import { Tabs } from '../parts/tabs.tsx';
import { t } from '../parts/text.ts';

/** Folders as tabs, each with how many of its chats have something unread. */
export const FolderTabs: FunctionComponent<{ tabs: Folder[] }> = ({ tabs }) => {
  const chosen = tabs.some(({ id }) => id === chosenFolder.value) ? chosenFolder.value : 0;
  const draw = ({ id, title, unread, isMuted }: Folder): { id: number; title: preact.ComponentChildren; name: string } => {
    const shown = id === 0 ? t('allChats') : title;
    return {
      id,
      name: unread > 0 ? `${shown}, ${t('unread', { n: unread })}` : shown,
      title: (
        <>
          <bdi>{shown}</bdi>
          {unread > 0 && <span class={`badge badge-small${isMuted ? ' badge-muted' : ''}`}>{unread}</span>}
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
