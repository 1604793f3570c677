import type { FunctionComponent } from 'preact';
import { foldersTexts } from '../../texts/en/folders.ts';
import { ask } from '../ground/link.ts';
import { addTexts, t } from '../ground/text.ts';
import { SettingsFrame } from '../parts/settings-frame.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { FolderList } from './folder-list.tsx';
import { FolderPage } from './folder-page.tsx';

addTexts(foldersTexts);

/** A folder by its id, as it is now. */
const LoadedFolder: FunctionComponent<{ id: number }> = ({ id }) => {
  const list = useLoaded(() => ask('folders.list', undefined));
  if (!list) return <p class="empty">{t('loading')}</p>;
  const folder = list.find((each) => each.id === id);
  return folder ? <FolderPage folder={folder} /> : <p class="empty">{t('noFolders')}</p>;
};

/** The pages about folders. @param path undefined: the list of them; `new`; or the id of a folder */
export const FolderPages: FunctionComponent<{ path: string | undefined }> = ({ path }) => {
  if (path === undefined) {
    return (
      <SettingsFrame title={t('folders')}>
        <FolderList />
      </SettingsFrame>
    );
  }
  return (
    <SettingsFrame key={path} title={t(path === 'new' ? 'newFolder' : 'folderPage')} back="#/settings/folders">
      {path === 'new' ? <FolderPage folder={undefined} /> : <LoadedFolder id={Number(path)} />}
    </SettingsFrame>
  );
};
