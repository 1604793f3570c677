import type { FunctionComponent } from 'preact';
import { useMemo } from 'preact/hooks';
import ArrowLeft from 'lucide-static/icons/arrow-left.svg';
import type { Chat, MessageId, PeerId, ThreadView } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { chatAddress } from '../ground/route.ts';
import { Composer } from '../composer/composer.tsx';
import { History } from '../history/history.tsx';
import { ChatContext, OpenChat } from '../open-chat/open-chat.ts';
import { SelectionBar } from '../history/selection-bar.tsx';
import { nameOf } from '../parts/names.tsx';
import { t } from '../ground/text.ts';
import { describeTyping } from '../parts/typing.ts';
import { useView } from '../ground/use-view.ts';
import { useWhileWatched } from '../parts/use-while-watched.ts';
import { NothingYet } from './empty-chat.tsx';
import { EntryBar } from './entry-bar.tsx';

/** What is new in a thread of a group that the account is not in is asked for so often, in milliseconds. */
const REFRESH_MS = 10_000;

interface ThreadPageProps {
  /** The group, or the channel whose post is commented. */
  peer: PeerId;
  /** The message or post with which the thread began. */
  root: MessageId;
  /** A reply to be shown. */
  message?: MessageId | undefined;
}

/** Number of replies, the chat, and the way back to it. */
const ThreadHeader: FunctionComponent<Pick<ThreadPageProps, 'peer' | 'root'> & { thread: Partial<ThreadView> }> = ({ peer: id, root, thread: { count, typing = [], group } }) => {
  const peer = peerSignal(id).value;
  const isComments = peer?.kind === 'channel';
  return (
    <header class="bar chat-header">
      <a class="round back is-kept" href={chatAddress(id, root)} aria-label={t('back')}>
        <ArrowLeft />
      </a>
      <div class="chat-header-names">
        <h1>{count === undefined || count === 0 ? t(isComments ? 'comments' : 'replies') : t(isComments ? 'commentCount' : 'replyCount', { n: count })}</h1>
        <p class={typing.length > 0 ? 'typing' : undefined}>
          {typing.length > 0 ? describeTyping(typing, group === undefined ? undefined : peerSignal(group).value) : <bdi>{nameOf(peer)}</bdi>}
        </p>
      </div>
    </header>
  );
};

/** The replies to a message of a group, or the comments on a post of a channel. */
export const ThreadPage: FunctionComponent<ThreadPageProps> = ({ peer: id, root, message }) => {
  const view = useView('thread', { peer: id, message: root });
  const thread = view.state.value;
  const { group, top, isGone } = thread;
  const peer = peerSignal(id).value;
  const isOutside = group !== undefined && peerSignal(group).value?.isMember === false;
  useWhileWatched(() => {
    if (isOutside) void ask('thread.refresh', { view: view.id }).catch(() => undefined);
  }, REFRESH_MS);
  return (
    <main class="chat" aria-label={t(peer?.kind === 'channel' ? 'commentsIn' : 'repliesIn', { name: nameOf(peer) })}>
      <div class="chat-head">
        <ThreadHeader peer={id} root={root} thread={thread} />
      </div>
      {isGone ? <p class="empty">{t('threadGone')}</p> : group !== undefined && top !== undefined && <OpenThread key={`${group}/${top}`} group={group} top={top} message={message} thread={thread} />}
    </main>
  );
};

/** What was read of a thread, as a history shows it of a chat. Pure. */
function chatOf(group: PeerId, top: MessageId, { unread = 0, readInboxId = 0, readOutboxId = 0 }: Partial<ThreadView>): Chat {
  return { peer: group, topId: top, date: 0, unread, mentions: 0, readInboxId, readOutboxId };
}

const OpenThread: FunctionComponent<{ group: PeerId; top: MessageId; message?: MessageId | undefined; thread: Partial<ThreadView> }> = ({ group, top, message, thread }) => {
  const history = useView('history', { peer: group, thread: top, message });
  const open = useMemo(() => new OpenChat(group, top), [group, top]);
  open.attach(history);
  const isSelecting = open.selected.value !== undefined;
  const peer = peerSignal(group).value;
  const details = { chat: chatOf(group, top, thread), sendAs: thread.sendAs };
  const mayJoin = peer?.isMember === false && !peer.rights.write;
  return (
    <ChatContext.Provider value={open}>
      <div class="thread" onKeyDown={open.onKeyDown}>
        <History view={history} details={details}>
          <NothingYet hasLines={false} />
        </History>
        {isSelecting && <SelectionBar />}
        <div class="chat-foot" hidden={isSelecting}>
          {mayJoin ? <EntryBar peer={group} isBlocked={false} isToStart={false} joinText="joinGroup" /> : <Composer peer={group} details={details} />}
        </div>
      </div>
    </ChatContext.Provider>
  );
};
