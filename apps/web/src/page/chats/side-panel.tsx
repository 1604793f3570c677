import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import BookmarkIcon from 'lucide-static/icons/bookmark.svg';
import LogOutIcon from 'lucide-static/icons/log-out.svg';
import MenuIcon from 'lucide-static/icons/menu.svg';
import { ask, session } from '../app/link.ts';
import { chatAddress, go } from '../app/route.ts';
import { confirm } from '../parts/dialog.tsx';
import { type MenuItem, openMenu } from '../parts/menu.tsx';
import { attempt } from '../parts/notice.tsx';
import { t } from '../parts/text.ts';
import { SearchResults } from '../search/search-results.tsx';
import { ChatList } from './chat-list.tsx';

/** What is going on with the connection; nothing while it stands. */
const ConnectionStatus: FunctionComponent = () => {
  const { connection } = session.value;
  return (
    <div class="connection" role="status">
      {connection === 'connected' ? '' : t(connection)}
    </div>
  );
};

async function logOut(): Promise<void> {
  if (await confirm({ title: t('logOut'), text: t('logOutText'), button: t('logOut') })) await attempt(ask('logIn.logOut', undefined));
}

const menuItems = (): MenuItem[] => [
  { name: t('savedMessages'), icon: BookmarkIcon, act: () => go(chatAddress(session.value.me!)) },
  { name: t('logOut'), icon: LogOutIcon, isDangerous: true, act: () => void logOut() },
];

/** The side with search and chats. */
export const SidePanel: FunctionComponent = () => {
  const query = useSignal('');
  return (
    <section class="side-panel">
      <header class="bar">
        <button class="round" type="button" aria-label={t('menu')} aria-haspopup="menu" onClick={({ currentTarget }) => openMenu({ items: menuItems(), label: t('menu'), place: currentTarget })}>
          <MenuIcon />
        </button>
        <input class="search-box" type="search" aria-label={t('search')} placeholder={t('search')} value={query.value} onInput={({ currentTarget }) => (query.value = currentTarget.value)} />
      </header>
      <ConnectionStatus />
      {query.value.trim() === '' ? <ChatList list="main" /> : <SearchResults query={query.value} />}
    </section>
  );
};
