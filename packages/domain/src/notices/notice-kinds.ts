import type { tl } from '@aerogram/tl';

import { type ActionTable, askAction, askMedia, type MediaTable, roleOf } from '../content/index.ts';

/**
 * How notices name a kind of media: the end of the key by which apps choose their own words, and the sign that stands before a caption. Keys that apps do not know would be
 * refused by them. See https://core.telegram.org/api/push-updates
 */
export interface NoticeKind {
  key: string;
  /** What the key says besides the author and the chat. */
  extra?: string | undefined;
  sign?: string;
  /** In English, for the line that a browser shows; undefined: the text of the message. */
  words?: string;
}

const TEXT: NoticeKind = { key: 'TEXT' };

const DOCUMENTS = {
  sticker: { key: 'STICKER', words: 'Sticker' },
  gif: { key: 'GIF', sign: '🎬', words: 'GIF' },
  round: { key: 'ROUND', words: 'Video message' },
  video: { key: 'VIDEO', sign: '📹', words: 'Video' },
  voice: { key: 'AUDIO', words: 'Voice message' },
  audio: { key: 'DOC', sign: '🎵', words: 'Music' },
  file: { key: 'DOC', sign: '📎', words: 'File' },
} as const satisfies Record<ReturnType<typeof roleOf>, NoticeKind>;

function ofDocument({ document }: tl.messageMediaDocument): NoticeKind {
  const attributes = document?._ === 'document' ? document.attributes : [];
  const role = roleOf(attributes);
  if (role !== 'sticker') return DOCUMENTS[role];
  const alt = attributes.find((attribute) => attribute._ === 'documentAttributeSticker')?.alt ?? '';
  return { ...DOCUMENTS.sticker, extra: alt, words: `${alt} Sticker`.trim() };
}

/** Each kind of media that messages can have. */
const NOTICE_MEDIA: MediaTable<[], NoticeKind> = {
  messageMediaEmpty: () => TEXT,
  messageMediaWebPage: () => TEXT,
  messageMediaPhoto: () => ({ key: 'PHOTO', sign: '🖼', words: 'Photo' }),
  messageMediaDocument: ofDocument,
  messageMediaGeo: () => ({ key: 'GEO', words: 'Location' }),
  messageMediaGeoLive: () => ({ key: 'GEOLIVE', words: 'Live location' }),
  messageMediaVenue: () => ({ key: 'GEO', words: 'Location' }),
  messageMediaContact: ({ first_name, last_name }) => ({ key: 'CONTACT', extra: `${first_name} ${last_name}`.trim(), words: 'Contact' }),
  messageMediaDice: ({ emoticon }) => ({ key: 'TEXT', extra: emoticon, words: emoticon }),
  messageMediaPoll: ({ poll }) => ({ key: poll.quiz === true ? 'QUIZ' : 'POLL', extra: poll.question.text, words: `Poll: ${poll.question.text}` }),
  messageMediaToDo: ({ todo }) => ({ key: 'TODO', extra: todo.title.text, words: `Checklist: ${todo.title.text}` }),
};

/** Who is told of a service message. */
export interface NoticeAction {
  /** The whole key. */
  key: string;
  /** Names the members that it is about, instead of what the key of a text would say. */
  extra?: string;
  words: string;
}

/** The key of a message that was pinned; what it is follows. */
export const PINNED = 'PINNED';

const quiet = (): undefined => undefined;

/** Each kind of service message: what somebody is told, or nothing. */
const NOTICE_ACTIONS: ActionTable<[userId: bigint], NoticeAction | undefined> = {
  messageActionBotAllowed: quiet,
  messageActionChangeCreator: quiet,
  messageActionChannelCreate: quiet,
  messageActionChannelMigrateFrom: quiet,
  messageActionChatAddUser: ({ users }, userId) => (users.includes(userId) ? { key: 'CHAT_ADD_YOU', words: 'invited you' } : undefined),
  messageActionChatCreate: () => ({ key: 'CHAT_CREATED', words: 'made this group' }),
  messageActionChatDeletePhoto: quiet,
  messageActionChatDeleteUser: (action, userId) => (action.user_id === userId ? { key: 'CHAT_DELETE_YOU', words: 'removed you' } : undefined),
  messageActionChatEditPhoto: quiet,
  messageActionChatEditTitle: quiet,
  messageActionChatJoinedByLink: quiet,
  messageActionChatJoinedByRequest: quiet,
  messageActionChatMigrateTo: quiet,
  messageActionContactSignUp: () => ({ key: 'CONTACT_JOINED', words: 'joined' }),
  messageActionEmpty: quiet,
  messageActionGeoProximityReached: quiet,
  messageActionHistoryClear: quiet,
  messageActionNewCreatorPending: quiet,
  messageActionNoForwardsRequest: quiet,
  messageActionNoForwardsToggle: quiet,
  messageActionPhoneCall: ({ reason, video }) =>
    reason?._ === 'phoneCallDiscardReasonMissed' ? { key: 'PHONE_CALL_MISSED', words: video === true ? 'Missed video call' : 'Missed call' } : undefined,
  messageActionPinMessage: () => ({ key: PINNED, words: 'pinned a message' }),
  messageActionPollAppendAnswer: quiet,
  messageActionPollDeleteAnswer: quiet,
  messageActionRequestedPeer: quiet,
  messageActionRequestedPeerSentMe: quiet,
  messageActionScreenshotTaken: () => ({ key: 'MESSAGE_SCREENSHOT', words: 'took a screenshot' }),
  messageActionSetChatTheme: quiet,
  messageActionSetChatWallPaper: quiet,
  messageActionSetMessagesTTL: quiet,
  messageActionSuggestBirthday: quiet,
  messageActionSuggestProfilePhoto: quiet,
  messageActionTodoAppendTasks: quiet,
  messageActionTodoCompletions: quiet,
  messageActionTopicCreate: quiet,
  messageActionTopicEdit: quiet,
};

/** How notices name a message with these media. Pure. @param media undefined for a text */
export const noticeKindOf = (media: tl.MessageMedia | undefined): NoticeKind => (media && askMedia(NOTICE_MEDIA, media)) ?? TEXT;

/** What somebody is told of a service message; undefined for nothing. Pure. */
export const noticeOfAction = (action: tl.MessageAction, userId: bigint): NoticeAction | undefined => askAction(NOTICE_ACTIONS, action, userId);
