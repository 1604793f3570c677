import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import ArchiveIcon from 'lucide-static/icons/archive.svg';
import BookmarkIcon from 'lucide-static/icons/bookmark.svg';
import ContactIcon from 'lucide-static/icons/contact-round.svg';
import LogOutIcon from 'lucide-static/icons/log-out.svg';
import MegaphoneIcon from 'lucide-static/icons/megaphone.svg';
import MenuIcon from 'lucide-static/icons/menu.svg';
import PhoneIcon from 'lucide-static/icons/phone.svg';
import PenIcon from 'lucide-static/icons/square-pen.svg';
import SettingsIcon from 'lucide-static/icons/settings.svg';
import UserPlusIcon from 'lucide-static/icons/user-plus.svg';
import UsersIcon from 'lucide-static/icons/users.svg';
import X from 'lucide-static/icons/x.svg';
import { ask, session } from '../ground/link.ts';
import { endSubscription } from '../notices/push.ts';
import { chatAddress, go } from '../ground/route.ts';
import { chosenFolder } from '../ground/side.ts';
import { afterPress } from '../parts/after-press.ts';
import { confirm } from '../parts/dialog.tsx';
import { type MenuItem, openMenu } from '../parts/menu.tsx';
import { attempt } from '../parts/notice.tsx';
import { SearchBox } from '../parts/search-box.tsx';
import { useAsked } from '../parts/use-loaded.ts';
import { t } from '../ground/text.ts';
import { Recents } from '../search/recents.tsx';
import { SearchResults } from '../search/search-results.tsx';
import { KindPlace, type SearchTab, SearchTabs } from '../search/search-tabs.tsx';
import { ArchiveLink } from './archive-link.tsx';
import { ChatList } from './chat-list.tsx';
import { folders } from '../ground/folders.ts';
import { FolderTabs } from './folder-tabs.tsx';
import { NoChats } from './no-chats.tsx';

async function logOut(): Promise<void> {
  if (!(await confirm({ title: t('logOut'), text: t('logOutText'), button: t('logOut'), isDangerous: true }))) return;
  await endSubscription().catch(() => undefined);
  await attempt(ask('logIn.logOut', undefined));
}

/** @param areCallsOn whether people can call each other on this server */
const menuItems = (areCallsOn: boolean): MenuItem[] => [
  { name: t('savedMessages'), icon: BookmarkIcon, act: () => go(chatAddress(session.value.me!)) },
  { name: t('contacts'), icon: ContactIcon, act: () => go('#/contacts') },
  ...(areCallsOn ? [{ name: t('calls'), icon: PhoneIcon, act: () => go('#/calls') }] : []),
  { name: t('archive'), icon: ArchiveIcon, act: () => go('#/archive') },
  { name: t('settings'), icon: SettingsIcon, act: () => go('#/settings') },
  { name: t('logOut'), icon: LogOutIcon, isDangerous: true, act: () => void logOut() },
];

const newItems = (): MenuItem[] => [
  { name: t('newGroup'), icon: UsersIcon, act: () => go('#/new/group') },
  { name: t('newChannel'), icon: MegaphoneIcon, act: () => go('#/new/channel') },
  { name: t('newContact'), icon: UserPlusIcon, act: () => go('#/new/contact') },
];

/** Search, folders, and the list of chats. */
export const ChatsSide: FunctionComponent = () => {
  const query = useSignal('');
  const isSearching = useSignal(false);
  const tab = useSignal<SearchTab>('chats');
  const areCallsOn = useAsked(() => ask('calls.areOn', undefined));
  const field = useRef<HTMLInputElement>(null);
  const search = useRef<HTMLDivElement>(null);
  const leave = (): void => {
    query.value = '';
    tab.value = 'chats';
    isSearching.value = false;
    field.current?.blur();
  };
  const onFocusOut = ({ relatedTarget }: FocusEvent): void => {
    if (search.current?.contains(relatedTarget as Node | null)) return;
    afterPress(() => {
      if (!search.current?.contains(document.activeElement)) isSearching.value = false;
    });
  };
  const { folders: tabs = [], archived = 0 } = folders.value;
  const list = tabs.some(({ id }) => id === chosenFolder.value) && chosenFolder.value !== 0 ? chosenFolder.value : 'main';
  const isTyped = query.value.trim() !== '';
  const showsResults = isTyped || tab.value !== 'chats';
  return (
    <>
      <h1 class="read-aloud" tabIndex={-1}>
        {t('chats')}
      </h1>
      <div ref={search} onFocusOut={onFocusOut}>
        <header class="bar">
          {showsResults ? (
            <button class="round" type="button" aria-label={t('leaveSearch')} onClick={leave}>
              <X />
            </button>
          ) : (
            <button class="round" type="button" aria-label={t('menu')} aria-haspopup="menu" onClick={({ currentTarget }) => openMenu({ items: menuItems(areCallsOn !== false), label: t('menu'), place: currentTarget })}>
              <MenuIcon />
            </button>
          )}
          <SearchBox label={t('search')} query={query} field={field} onFocus={() => (isSearching.value = true)} onKeyDown={(event) => event.key === 'Escape' && leave()} />
          <button class="round" type="button" aria-label={t('newChat')} aria-haspopup="menu" onClick={({ currentTarget }) => openMenu({ items: newItems(), label: t('newChat'), place: currentTarget })}>
            <PenIcon />
          </button>
        </header>
        {(showsResults || isSearching.value) && <SearchTabs chosen={tab} />}
        {!showsResults && isSearching.value && <Recents onOpen={leave} />}
      </div>
      {tab.value !== 'chats' ? <KindPlace kind={tab.value} query={query.value} onOpen={leave} /> : isTyped && <SearchResults query={query.value} onOpen={leave} />}
      <div class="side-lists" hidden={showsResults}>
        {tabs.length > 0 && <FolderTabs tabs={tabs} />}
        {archived > 0 && list === 'main' && <ArchiveLink />}
        <ChatList key={list} list={list}>
          {list === 'main' ? <NoChats onWrite={() => field.current?.focus()} /> : <p class="empty">{t('noChatsHere')}</p>}
        </ChatList>
      </div>
    </>
  );
};
