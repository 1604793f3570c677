import type { FunctionComponent } from 'preact';
import ArrowLeft from 'lucide-static/icons/arrow-left.svg';
import { t } from '../ground/text.ts';

/** What stands in place of a chat that the account does not know: perhaps the address came from somebody else. */
export const UnknownChat: FunctionComponent = () => (
  <main class="chat" aria-label={t('unknownChat')}>
    <header class="bar chat-header">
      <a class="round back" href="#/" aria-label={t('back')}>
        <ArrowLeft />
      </a>
      <h1 class="chat-header-names">{t('unknownChat')}</h1>
    </header>
    <p class="empty">{t('unknownChatText')}</p>
  </main>
);
