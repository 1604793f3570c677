import type { FunctionComponent } from 'preact';
import MegaphoneIcon from 'lucide-static/icons/megaphone.svg';
import MessagesSquare from 'lucide-static/icons/messages-square.svg';
import UsersIcon from 'lucide-static/icons/users.svg';
import { t } from '../ground/text.ts';

/** What stands beside the list of chats until one is chosen. */
export const NoChat: FunctionComponent = () => (
  <section class="no-chat" aria-label={t('chooseChat')}>
    <span class="no-chat-mark">
      <MessagesSquare />
    </span>
    <p>{t('chooseChat')}</p>
    <div class="no-chat-links">
      <a class="button button-soft" href="#/new/group">
        <UsersIcon /> {t('newGroup')}
      </a>
      <a class="button button-soft" href="#/new/channel">
        <MegaphoneIcon /> {t('newChannel')}
      </a>
    </div>
  </section>
);
