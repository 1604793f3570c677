import type { FunctionComponent } from 'preact';
import Bell from 'lucide-static/icons/bell.svg';
import BellOff from 'lucide-static/icons/bell-off.svg';
import Check from 'lucide-static/icons/check-check.svg';
import Pencil from 'lucide-static/icons/pencil.svg';
import Trash from 'lucide-static/icons/trash-2.svg';
import type { Folder } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { go } from '../ground/route.ts';
import { chosenFolder } from '../ground/side.ts';
import { confirm } from '../parts/dialog.tsx';
import { type MenuItem, openMenu } from '../parts/menu.tsx';
import { useMenuGestures } from '../parts/menu-gestures.ts';
import { attempt } from '../parts/notice.tsx';
import { OnlyRead } from '../parts/only-read.tsx';
import { type Tab, Tabs } from '../parts/tabs.tsx';
import { t } from '../ground/text.ts';

const folderMenu = ({ id, title, isSilent }: Folder): MenuItem[] => [
  { name: t('editFolder'), icon: Pencil, act: () => go(`#/settings/folders/${id}`) },
  { name: t('markRead'), icon: Check, act: () => void attempt(ask('folders.read', { id })) },
  { name: t(isSilent ? 'unmuteAll' : 'muteAll'), icon: isSilent ? Bell : BellOff, act: () => void attempt(ask('folders.mute', { id, isMuted: !isSilent })) },
  { name: t('deleteFolder'), icon: Trash, isDangerous: true, act: () => void deleteFolder(id, title) },
];

/** Asks whether to delete a folder, and deletes it. @returns whether it was */
export async function deleteFolder(id: number, title: string): Promise<boolean> {
  const isSure = await confirm({ title: t('deleteFolder'), text: t('deleteFolderText', { name: title }), button: t('deleteFolder'), isDangerous: true });
  return isSure === true && (await attempt(ask('folders.delete', { id })));
}

/** Folders as tabs, each with how many of its chats have something unread. */
export const FolderTabs: FunctionComponent<{ tabs: Folder[] }> = ({ tabs }) => {
  const chosen = tabs.some(({ id }) => id === chosenFolder.value) ? chosenFolder.value : 0;
  const gestures = useMenuGestures((place) => {
    const at = place instanceof HTMLElement ? document.activeElement : document.elementFromPoint(place.x, place.y);
    const folder = tabs.find(({ id }) => id !== 0 && String(id) === at?.closest<HTMLElement>('[data-tab]')?.dataset['tab']);
    if (folder) openMenu({ items: folderMenu(folder), label: folder.title, place });
  });
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
    <nav class="folder-tabs" aria-label={t('folders')} {...gestures}>
      <Tabs label={t('folders')} tabs={tabs.map(draw)} chosen={chosen} onChoose={(id) => (chosenFolder.value = id)} />
    </nav>
  );
};
