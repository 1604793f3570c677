import type { FunctionComponent } from 'preact';
import Plus from 'lucide-static/icons/plus.svg';
import type { PeerId } from '../../protocol/index.ts';
import { type OpenView, peerSignal } from '../ground/link.ts';
import { ActionBar } from '../chats/action-bar.tsx';
import { ChatHeader } from '../chats/chat-header.tsx';
import { EntryBar } from '../chats/entry-bar.tsx';
import { nameOf } from '../parts/names.tsx';
import { t } from '../ground/text.ts';
import { useView } from '../ground/use-view.ts';
import { forumMenu } from './forum-menu.ts';
import { createTopic } from './topic-dialog.tsx';
import { TopicList } from './topic-list.tsx';

/** A forum as the list of its topics. */
export const ForumPage: FunctionComponent<{ peer: PeerId; topics: OpenView<'topics'> }> = ({ peer: id, topics }) => {
  const details = useView('chat', { peer: id }).state.value;
  const peer = peerSignal(id).value;
  return (
    <main class="chat" aria-label={nameOf(peer)}>
      <div class="chat-head">
        <ChatHeader peer={id} details={details} added={forumMenu} />
        {details.actionBar && <ActionBar peer={id} bar={details.actionBar} />}
      </div>
      <TopicList view={topics} />
      <div class="chat-foot">
        {peer?.isMember === false ? (
          <EntryBar peer={id} isBlocked={false} isToStart={false} />
        ) : (
          peer?.rights.createTopics && (
            <footer class="composer composer-closed">
              <button class="button button-wide" type="button" onClick={() => void createTopic(id)}>
                <Plus /> {t('newTopic')}
              </button>
            </footer>
          )
        )}
      </div>
    </main>
  );
};
