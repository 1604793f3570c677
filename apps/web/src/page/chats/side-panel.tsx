import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import MenuIcon from 'lucide-static/icons/menu.svg';
import { session } from '../app/link.ts';
import { t } from '../parts/text.ts';
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

/** The side with search and chats. */
export const SidePanel: FunctionComponent = () => {
  const query = useSignal('');
  return (
    <section class="side-panel">
      <header class="bar">
        <button class="round" type="button" aria-label={t('menu')} aria-haspopup="menu">
          <MenuIcon />
        </button>
        <input class="search-box" type="search" aria-label={t('search')} placeholder={t('search')} value={query.value} onInput={({ currentTarget }) => (query.value = currentTarget.value)} />
      </header>
      <ConnectionStatus />
      <ChatList list="main" />
    </section>
  );
};
