import type { FunctionComponent } from 'preact';
import ChevronRight from 'lucide-static/icons/chevron-right.svg';
import MessageCircle from 'lucide-static/icons/message-circle.svg';
import type { Message, Replies } from '../../protocol/index.ts';
import { peerSignal } from '../ground/link.ts';
import { threadAddress } from '../ground/route.ts';
import { Avatar } from '../parts/avatar.tsx';
import { t } from '../ground/text.ts';
import { useOpenChat } from '../open-chat/open-chat.ts';

/** Faces that are shown at most. */
const FACES = 3;

/** Whether there are replies that the account has not read, in a thread that it has opened before. Pure. */
export const hasUnreadReplies = ({ maxId, readMaxId }: Replies): boolean => maxId !== undefined && readMaxId !== undefined && maxId > readMaxId;

/** The message of a row whose replies can be opened: any of a group with replies, and posts that can be commented. Pure. */
export function withReplies(messages: readonly Message[]): (Message & { replies: Replies }) | undefined {
  return messages.find((message): message is Message & { replies: Replies } => {
    const { id, replies, service } = message;
    return id > 0 && !service && replies !== undefined && (replies.count > 0 || replies.group !== undefined);
  });
}

/** How many replies there are, in words. */
export function describeReplies({ count, group }: Replies): string {
  if (group === undefined) return t('replyCount', { n: count });
  return count === 0 ? t('leaveComment') : t('commentCount', { n: count });
}

/** Leads to the replies to a message, or to the comments on a post. */
export const RepliesBar: FunctionComponent<{ messages: readonly Message[] }> = ({ messages }) => {
  const open = useOpenChat();
  const message = withReplies(messages);
  // Who has opened the thread sees the replies; in a forum they stand in their topic.
  if (!message || open.thread !== undefined || peerSignal(message.peer).value?.isForum) return null;
  const { peer, id, replies } = message;
  const isUnread = hasUnreadReplies(replies);
  const text = describeReplies(replies);
  return (
    <a class={`replies${replies.group === undefined ? '' : ' is-comments'}`} href={threadAddress(peer, id)} tabIndex={-1} aria-label={isUnread ? t('withUnread', { text }) : text}>
      {replies.recent && replies.recent.length > 0 ? (
        <span class="faces">
          {replies.recent.slice(0, FACES).map((replier) => (
            <Avatar key={replier} peer={replier} size="small" isPerson />
          ))}
        </span>
      ) : (
        <MessageCircle />
      )}
      <span>{text}</span>
      {isUnread && <span class="replies-unread" />}
      <ChevronRight />
    </a>
  );
};

/** Leads from an answer to a comment to the thread in which it was written. */
export const AnswerLink: FunctionComponent<{ answer: NonNullable<Message['answer']> }> = ({ answer: { group, root, message } }) => (
  <a class="replies is-comments" href={threadAddress(group, root, message)} tabIndex={-1}>
    <MessageCircle />
    <span>{t('viewInChat')}</span>
    <ChevronRight />
  </a>
);
