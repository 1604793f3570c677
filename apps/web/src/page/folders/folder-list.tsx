import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import ArrowDown from 'lucide-static/icons/arrow-down.svg';
import ArrowUp from 'lucide-static/icons/arrow-up.svg';
import type { FolderContents, OwnFolder } from '../../protocol/index.ts';
import { folders as tabs } from '../ground/folders.ts';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { InfoAction, InfoCard, InfoLink } from '../parts/info-card.tsx';
import { attempt } from '../parts/notice.tsx';

/** The folders of the account, their order, and folders that the server thinks useful. */
export const FolderList: FunctionComponent = () => {
  const own = useSignal<OwnFolder[] | undefined>(undefined);
  const suggested = useSignal<(FolderContents & { text: string })[]>([]);
  const load = async (): Promise<void> => {
    const asked = ask('folders.list', undefined);
    if (await attempt(asked)) own.value = await asked;
  };
  // Another device may change them, too: then the tabs do.
  const shown = JSON.stringify(tabs.value.folders?.map(({ id, title }) => [id, title]));
  useEffect(() => void load(), [shown]);
  useEffect(() => void ask('folders.suggested', undefined).then((found) => (suggested.value = found), () => undefined), []);
  const { value: list = [] } = own;
  const move = async (from: number, by: number): Promise<void> => {
    const ids = list.map(({ id }) => id);
    const [id] = ids.splice(from, 1);
    ids.splice(from + by, 0, id!);
    if (await attempt(ask('folders.order', { ids }))) await load();
  };
  const add = async ({ text: _text, ...contents }: FolderContents & { text: string }): Promise<void> => {
    if (!(await attempt(ask('folders.save', { contents })))) return;
    suggested.value = suggested.value.filter(({ title }) => title !== contents.title);
    await load();
  };
  return (
    <div class="info-cards" aria-busy={own.value === undefined}>
      <p class="hint">{t('foldersText')}</p>
      {own.value?.length === 0 && <p class="empty">{t('noFolders')}</p>}
      {list.length > 0 && (
        <ul class="info-card folder-list" aria-label={t('folders')}>
          {list.map(({ id, title }, index) => (
            <li key={id}>
              <InfoLink href={`#/settings/folders/${id}`} text={<bdi>{title}</bdi>} />
              <button class="round" type="button" aria-label={t('moveFolderUp')} disabled={index === 0} onClick={() => void move(index, -1)}>
                <ArrowUp />
              </button>
              <button class="round" type="button" aria-label={t('moveFolderDown')} disabled={index === list.length - 1} onClick={() => void move(index, 1)}>
                <ArrowDown />
              </button>
            </li>
          ))}
        </ul>
      )}
      <InfoCard>
        <InfoLink href="#/settings/folders/new" text={t('newFolder')} />
      </InfoCard>
      {suggested.value.length > 0 && (
        <InfoCard level={2} title={t('suggestedFolders')}>
          {suggested.value.map((folder) => (
            <InfoAction key={folder.title} text={t('addSuggested', { name: folder.title })} value={folder.text} act={() => void add(folder)} />
          ))}
        </InfoCard>
      )}
    </div>
  );
};
