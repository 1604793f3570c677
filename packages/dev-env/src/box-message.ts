import type { tl } from '@mtcute/node';

/** The parts of a message that tests compare: they must be the same however a client learned of it. */
export interface BoxMessage {
  id: number;
  /** Marked id of the chat (a user's id in private chats). */
  peer: number;
  from: number;
  out: boolean;
  /** Text, or `action:<name>` of a service message. */
  text: string;
  /** Entities as JSON; an empty string if there are none. */
  entities: string;
  date: number;
  edit_date: number | undefined;
  reply_to: number | undefined;
  /** Original author of a forward, `name:<text>` for a hidden one. */
  forwarded_from: string | undefined;
  forward_date: number | undefined;
  ttl_period: number | undefined;
  /** Media as JSON; an empty string if there are none. */
  media: string;
}

/** Marked id of a peer: user → id, chat → −id, channel → −(10^12 + id). */
export function markPeer(peer: tl.TypePeer): number {
  switch (peer._) {
    case 'peerUser':
      return peer.userId;
    case 'peerChat':
      return -peer.chatId;
    case 'peerChannel':
      return -(1_000_000_000_000 + peer.channelId);
  }
}

/** Marked id of a basic group or channel that came along with an answer or a push. */
export function markChat(chat: tl.TypeChat): number {
  const isChannel = chat._ === 'channel' || chat._ === 'channelForbidden';
  return markPeer(isChannel ? { _: 'peerChannel', channelId: chat.id } : { _: 'peerChat', chatId: chat.id });
}

/**
 * Extracts the compared parts of a message.
 *
 * @param message from a push, a difference or a history
 * @param self id of the account that reads it, for messages without `from_id`
 */
export function readMessage(message: tl.RawMessage | tl.RawMessageService, self: number): BoxMessage {
  const peer = markPeer(message.peerId);
  const out = Boolean(message.out);
  const reply = message.replyTo?._ === 'messageReplyHeader' ? message.replyTo.replyToMsgId : undefined;
  const common = {
    id: message.id,
    peer,
    from: message.fromId ? markPeer(message.fromId) : out ? self : peer,
    out,
    date: message.date,
    reply_to: reply,
    ttl_period: message.ttlPeriod,
  };
  if (message._ === 'messageService') {
    return {
      ...common,
      text: `action:${message.action._}`,
      entities: '',
      media: '',
      edit_date: undefined,
      forwarded_from: undefined,
      forward_date: undefined,
    };
  }
  const forward = message.fwdFrom;
  return {
    ...common,
    text: message.message,
    entities: message.entities?.length ? JSON.stringify(message.entities) : '',
    media: message.media ? JSON.stringify(message.media) : '',
    edit_date: message.editDate,
    forwarded_from: forward ? (forward.fromId ? String(markPeer(forward.fromId)) : `name:${forward.fromName ?? ''}`) : undefined,
    forward_date: forward?.date,
  };
}

/**
 * The media of a message after its web page was fetched: clients update every message that shows it.
 *
 * @param media as JSON
 * @param page the fetched page; an empty one leaves no preview
 */
export function showPage(media: string, page: tl.TypeWebPage): string {
  if (!media.includes('webPagePending') || page._ === 'webPageNotModified') return media;
  const shown = JSON.parse(media) as { webpage?: { id?: unknown } };
  if (JSON.stringify(shown.webpage?.id) !== JSON.stringify(page.id)) return media;
  return page._ === 'webPageEmpty' ? '' : JSON.stringify({ ...shown, webpage: page });
}

/** Marked ids of all peers that a message names, which must be in the same answer. */
export function listNamedPeers(message: tl.TypeMessage): number[] {
  if (message._ === 'messageEmpty') return [];
  const named = [markPeer(message.peerId)];
  if (message.fromId) named.push(markPeer(message.fromId));
  if (message.replyTo?._ === 'messageReplyHeader' && message.replyTo.replyToPeerId) {
    named.push(markPeer(message.replyTo.replyToPeerId));
  }
  if (message._ === 'messageService') named.push(...listUsersOfAction(message.action));
  if (message._ === 'message') {
    if (message.fwdFrom?.fromId) named.push(markPeer(message.fwdFrom.fromId));
    if (message.fwdFrom?.savedFromPeer) named.push(markPeer(message.fwdFrom.savedFromPeer));
    if (message.viaBotId) named.push(message.viaBotId);
    if (message.media?._ === 'messageMediaContact' && message.media.userId) named.push(message.media.userId);
    for (const entity of message.entities ?? []) {
      if (entity._ === 'messageEntityMentionName') named.push(entity.userId);
    }
  }
  return named;
}

/** The users whom the action of a service message in a group names. */
function listUsersOfAction(action: tl.TypeMessageAction): number[] {
  if (action._ === 'messageActionChatCreate' || action._ === 'messageActionChatAddUser') return action.users;
  return action._ === 'messageActionChatDeleteUser' ? [action.userId] : [];
}
