import type { FunctionComponent } from 'preact';
import type { OwnFolder, PeerId } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { attempt } from '../parts/notice.tsx';
import { useSaved } from '../parts/use-saved.ts';

const FolderBox: FunctionComponent<{ folder: OwnFolder; peer: PeerId }> = ({ folder: { id, title, included }, peer }) => {
  const { shown, isBusy, set } = useSaved(included.includes(peer), (isIn) => attempt(ask('folders.setChat', { id, peer, isIn })));
  return (
    <label class="box" aria-busy={isBusy}>
      <input type="checkbox" checked={shown} onChange={({ currentTarget }) => set(currentTarget.checked)} />
      <bdi>{title}</bdi>
    </label>
  );
};

/** Lets the person choose in which folders a chat stands by its name. */
export async function addToFolder(peer: PeerId): Promise<void> {
  const asked = ask('folders.list', undefined);
  if (!(await attempt(asked))) return;
  const folders = await asked;
  await openDialog((close) => (
    <Dialog title={t('addToFolder')} onClose={() => close()}>
      {folders.length === 0 && <p class="empty">{t('noFoldersYet')}</p>}
      {folders.map((folder) => (
        <FolderBox key={folder.id} folder={folder} peer={peer} />
      ))}
    </Dialog>
  ));
}
