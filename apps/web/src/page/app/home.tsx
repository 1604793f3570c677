import type { FunctionComponent } from 'preact';
import { ChatPage } from '../chats/chat-page.tsx';
import { SidePanel } from '../chats/side-panel.tsx';
import { NowPlaying } from '../media/now-playing.tsx';
import { t } from '../parts/text.ts';
import { route } from './route.ts';

/** The page of somebody who is logged in: the list of chats, and one chat. On narrow windows one of the two. */
export const Home: FunctionComponent = () => {
  const at = route.value;
  return (
    <div class={`home home-${at.page === 'chat' ? 'chat' : 'list'}`}>
      <SidePanel />
      <NowPlaying />
      {at.page === 'chat' ? (
        <ChatPage key={at.peer} peer={at.peer} message={at.message} />
      ) : (
        <div class="no-chat">
          <p>{t('chooseChat')}</p>
        </div>
      )}
    </div>
  );
};
