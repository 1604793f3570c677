import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import FolderIcon from 'lucide-static/icons/folder.svg';
import type { OfferedFolder, PeerId } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { go } from '../ground/route.ts';
import { chosenFolder } from '../ground/side.ts';
import { Dialog } from '../parts/dialog.tsx';
import { nameOf } from '../parts/names.tsx';
import { attempt } from '../parts/notice.tsx';
import { PersonFace } from '../parts/person-row.tsx';
import { t } from '../ground/text.ts';

/** A folder that somebody shares by a link, and which of its chats to join. */
export const FolderDialog: FunctionComponent<{ folder: OfferedFolder; onClose(): void }> = ({ folder: { slug, title, ownId, missing, already }, onClose }) => {
  const chosen = useSignal<readonly PeerId[]>(missing);
  const isBusy = useSignal(false);
  const isComplete = ownId !== undefined && missing.length === 0;
  const toggle = (peer: PeerId): void => void (chosen.value = chosen.value.includes(peer) ? chosen.value.filter((each) => each !== peer) : [...chosen.value, peer]);
  const show = (id: number): void => {
    chosenFolder.value = id;
    go('#/', true);
  };
  const join = async (): Promise<void> => {
    isBusy.value = true;
    const joining = ask('links.joinFolder', { slug, peers: [...chosen.value] });
    if (await attempt(joining)) show((await joining) ?? 0);
    isBusy.value = false;
  };
  return (
    <Dialog title={t(isComplete ? 'ownFolder' : ownId === undefined ? 'addFolder' : 'addFolderChats')} onClose={onClose} className="offered-folder">
      <div class="offered-folder-head">
        <span class="found-mark">
          <FolderIcon />
        </span>
        <h3 class="person-title">
          <bdi>{title}</bdi>
        </h3>
        <p class="hint">{t(isComplete ? 'ownFolderText' : ownId === undefined ? 'addFolderText' : 'addFolderChatsText')}</p>
      </div>
      <ul class="people" aria-label={t('chats')}>
        {missing.map((peer) => (
          <li key={peer}>
            <label class="person person-row person-choice">
              <PersonFace peer={peer} />
              <input class="tick" type="checkbox" aria-label={nameOf(peerSignal(peer).value)} checked={chosen.value.includes(peer)} onChange={() => toggle(peer)} />
            </label>
          </li>
        ))}
        {already.map((peer) => (
          <li key={peer} class="person person-row">
            <PersonFace peer={peer} line={t('inFolder')} />
          </li>
        ))}
      </ul>
      {isComplete ? (
        <button class="button button-wide" type="button" autofocus onClick={() => show(ownId)}>
          {t('showFolder')}
        </button>
      ) : (
        <button class="button button-wide" type="button" autofocus disabled={isBusy.value || chosen.value.length === 0} onClick={() => void join()}>
          {t('joinChats', { n: chosen.value.length })}
        </button>
      )}
    </Dialog>
  );
};
