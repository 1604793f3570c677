import type { FunctionComponent } from 'preact';
import { route } from '../ground/route.ts';
import { sideList } from '../ground/side.ts';
import { ContactsSide } from '../people/contacts-side.tsx';
import { NewChatSide } from '../groups/new-chat-side.tsx';
import { SettingsSide } from '../settings/settings-side.tsx';
import { t } from '../ground/text.ts';
import { TagSidePlace } from './tag-places.tsx';
import { isWide } from '../ground/wide.ts';
import { CallBarPlace, CallsSidePlace } from './call-places.tsx';
import { ArchiveSide } from '../chats/archive-side.tsx';
import { ChatsSide } from '../chats/chats-side.tsx';

const Content: FunctionComponent = () => {
  const at = route.value;
  switch (at.page) {
    case 'settings':
      return <SettingsSide />;
    case 'tag':
      return <TagSidePlace key={at.tag} tag={at.tag} />;
    case 'calls':
      return <CallsSidePlace />;
    case 'contacts':
      return <ContactsSide />;
    case 'new':
      return <NewChatSide key={at.kind} kind={at.kind} />;
    default:
      return sideList.value === 'archive' ? <ArchiveSide /> : <ChatsSide />;
  }
};

/**
 * The side with what one chooses from: chats, contacts, settings.
 * @param isMain whether nothing that was chosen stands beside it
 */
export const SidePanel: FunctionComponent<{ isMain: boolean }> = ({ isMain }) => (
  <section class="side-panel" role={isMain ? 'main' : undefined} aria-label={t('chats')}>
    {(isMain || isWide.value) && <CallBarPlace />}
    <Content />
  </section>
);
