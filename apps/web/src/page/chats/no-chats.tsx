import type { FunctionComponent } from 'preact';
import LinkIcon from 'lucide-static/icons/link.svg';
import PenIcon from 'lucide-static/icons/square-pen.svg';
import { peerSignal, session } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { copyText } from '../parts/copy-text.ts';

/** Copies a link to this server, and to the chat with the own account where that has a public name. */
async function copyOwnLink(): Promise<void> {
  const [username = ''] = peerSignal(session.value.me!).value?.usernames ?? [];
  await copyText(`${location.origin}/${username}`);
}

/** What stands in place of the list of chats until there is one. @param onWrite goes to the field that finds people */
export const NoChats: FunctionComponent<{ onWrite(): void }> = ({ onWrite }) => (
  <div class="empty">
    <p>{t('noChats')}</p>
    <p>{t('noChatsText')}</p>
    <div class="empty-steps">
      <button class="button button-soft" type="button" onClick={onWrite}>
        <PenIcon /> {t('writeToSomebody')}
      </button>
      <button class="button button-soft" type="button" onClick={() => void copyOwnLink()}>
        <LinkIcon /> {t('inviteByLink')}
      </button>
    </div>
    {session.value.isTestMode && <p class="hint">{t('testSecond')}</p>}
  </div>
);
