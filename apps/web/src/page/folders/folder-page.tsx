import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import X from 'lucide-static/icons/x.svg';
import type { FolderContents, FolderExclusion, FolderKind, OwnFolder, PeerId } from '../../protocol/index.ts';
import type { TextKey } from '../../texts/en/index.ts';
import { deleteFolder } from '../chats/folder-tabs.tsx';
import { ask, peerSignal } from '../ground/link.ts';
import { go } from '../ground/route.ts';
import { t } from '../ground/text.ts';
import { Boxes } from '../parts/boxes.tsx';
import { Field, Form } from '../parts/form.tsx';
import { InfoAction, InfoCard } from '../parts/info-card.tsx';
import { nameOf } from '../parts/names.tsx';
import { attempt } from '../parts/notice.tsx';
import { copyLink } from '../parts/own-links.ts';
import { PersonFace } from '../parts/person-row.tsx';
import { choosePeers } from '../people/choose-peers.tsx';

const LIST = '#/settings/folders';
const TITLE_MAX = 12;

const KINDS: [FolderKind, TextKey][] = [['contacts', 'kindContacts'], ['nonContacts', 'kindOthers'], ['groups', 'kindGroups'], ['channels', 'kindChannels'], ['bots', 'kindBots']];
const EXCLUSIONS: [FolderExclusion, TextKey][] = [['muted', 'withoutMuted'], ['read', 'withoutRead'], ['archived', 'withoutArchived']];

/** Chats by their names, which can be added and taken away. */
const Chats: FunctionComponent<{ title: string; button: string; peers: readonly PeerId[]; onChange(peers: PeerId[]): void }> = ({ title, button, peers, onChange }) => {
  const choose = async (): Promise<void> => {
    const chosen = await choosePeers({ title: button, first: peers, fits: () => true });
    if (chosen) onChange(chosen);
  };
  return (
    <>
      <ul class="people" aria-label={title}>
        {peers.map((peer) => (
          <li key={peer} class="person person-row">
            <PersonFace peer={peer} />
            <button class="round" type="button" aria-label={t('takeAway', { name: nameOf(peerSignal(peer).value) })} onClick={() => onChange(peers.filter((each) => each !== peer))}>
              <X />
            </button>
          </li>
        ))}
      </ul>
      <button class="button button-plain" type="button" onClick={() => void choose()}>
        {button}
      </button>
    </>
  );
};

const Ways: FunctionComponent<{ folder: OwnFolder }> = ({ folder: { id, title } }) => {
  const share = async (): Promise<void> => {
    const asked = ask('folders.share', { id });
    if (await attempt(asked)) await copyLink(await asked);
  };
  const remove = async (): Promise<void> => {
    if (await deleteFolder(id, title)) go(LIST);
  };
  return (
    <InfoCard>
      <InfoAction text={t('shareFolder')} act={() => void share()} />
      <p class="hint">{t('shareFolderText')}</p>
      <InfoAction text={t('deleteFolder')} isDangerous act={() => void remove()} />
    </InfoCard>
  );
};

/** Makes a folder, or changes one. @param folder undefined for a new one */
export const FolderPage: FunctionComponent<{ folder: OwnFolder | undefined }> = ({ folder }) => {
  const contents = useSignal<FolderContents>(folder ?? { title: '', included: [], excluded: [], has: [], without: [] });
  const set = (change: Partial<FolderContents>): void => void (contents.value = { ...contents.value, ...change });
  const { title, included, excluded, has, without } = contents.value;
  const isEmpty = included.length === 0 && has.length === 0;
  const save = async (): Promise<void> => {
    await ask('folders.save', { id: folder?.id, contents: { title: title.trim(), included, excluded, has, without } });
    go(LIST);
  };
  return (
    <>
      <section class="panel">
        <Form submit={save} button={t(folder ? 'saveFolder' : 'makeFolder')} isComplete={title.trim() !== '' && !isEmpty}>
          <Field label={t('folderName')} value={title} maxLength={TITLE_MAX} onInput={(value) => set({ title: value })} />
          {!folder?.isShared && <Boxes title={t('includedChats')} options={KINDS.map(([id, text]) => ({ id, text: t(text) }))} chosen={has} onChange={(next) => set({ has: next })} />}
          <Chats title={t('includedChats')} button={t('addChats')} peers={included} onChange={(next) => set({ included: next, excluded: excluded.filter((peer) => !next.includes(peer)) })} />
          {folder?.isShared ? (
            <p class="hint">{t('sharedFolderText')}</p>
          ) : (
            <>
              <Boxes title={t('excludedChats')} options={EXCLUSIONS.map(([id, text]) => ({ id, text: t(text) }))} chosen={without} onChange={(next) => set({ without: next })} />
              <Chats title={t('excludedChats')} button={t('excludeChats')} peers={excluded} onChange={(next) => set({ excluded: next, included: included.filter((peer) => !next.includes(peer)) })} />
            </>
          )}
          {isEmpty && <p class="hint">{t('folderEmpty')}</p>}
        </Form>
      </section>
      {folder && <Ways folder={folder} />}
    </>
  );
};
