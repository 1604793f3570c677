import type { FunctionComponent } from 'preact';
import { SideHeader } from '../parts/side-header.tsx';
import { t } from '../ground/text.ts';
import { ChatList } from './chat-list.tsx';

/** Chats that were put away. */
export const ArchiveSide: FunctionComponent = () => (
  <>
    <SideHeader title={t('archive')} back="#/" />
    <ChatList list="archive">
      <p class="empty">{t('noArchived')}</p>
    </ChatList>
  </>
);
