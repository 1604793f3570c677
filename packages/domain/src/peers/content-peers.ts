import type { tl } from '@aerogram/tl';

/** The fields of the members of a type that name peers, as {@link NAMING_FIELDS} lists them. */
type FieldsOf<T extends tl.AnyObject> = { readonly [Name in T['_']]?: readonly (keyof Extract<T, { _: Name }> & string)[] };

/** The fields of media that name peers. Every kind of media that messages can have is listed: `content/media-kinds.ts` accepts no other. */
export const MEDIA_PEERS = {
  messageMediaContact: ['user_id'],
  messageMediaDice: [],
  messageMediaDocument: [],
  messageMediaEmpty: [],
  messageMediaGeo: [],
  messageMediaGeoLive: [],
  messageMediaPhoto: [],
  messageMediaPoll: ['poll', 'results', 'attached_media'],
  messageMediaToDo: ['completions'],
  messageMediaVenue: [],
  messageMediaWebPage: [],
} as const satisfies FieldsOf<tl.MessageMedia>;

/** The fields of service messages that name peers. Every kind that messages can have is listed: `content/action-kinds.ts` accepts no other. */
export const ACTION_PEERS = {
  messageActionBotAllowed: [],
  messageActionChangeCreator: ['new_creator_id'],
  messageActionChannelCreate: [],
  messageActionChannelMigrateFrom: ['chat_id'],
  messageActionChatAddUser: ['users'],
  messageActionChatCreate: ['users'],
  messageActionChatDeletePhoto: [],
  messageActionChatDeleteUser: ['user_id'],
  messageActionChatEditPhoto: [],
  messageActionChatEditTitle: [],
  messageActionChatJoinedByLink: ['inviter_id'],
  messageActionChatJoinedByRequest: [],
  messageActionChatMigrateTo: ['channel_id'],
  messageActionContactSignUp: [],
  messageActionEmpty: [],
  messageActionGeoProximityReached: ['from_id', 'to_id'],
  messageActionHistoryClear: [],
  messageActionNewCreatorPending: ['new_creator_id'],
  messageActionNoForwardsRequest: [],
  messageActionNoForwardsToggle: [],
  messageActionPhoneCall: [],
  messageActionPinMessage: [],
  messageActionPollAppendAnswer: ['answer'],
  messageActionPollDeleteAnswer: ['answer'],
  messageActionRequestedPeer: ['peers'],
  messageActionRequestedPeerSentMe: [],
  messageActionScreenshotTaken: [],
  messageActionSetChatTheme: [],
  messageActionSetChatWallPaper: [],
  messageActionSetMessagesTTL: ['auto_setting_from'],
  messageActionSuggestBirthday: [],
  messageActionSuggestProfilePhoto: [],
  messageActionTodoAppendTasks: [],
  messageActionTodoCompletions: [],
  messageActionTopicCreate: [],
  messageActionTopicEdit: [],
} as const satisfies FieldsOf<tl.MessageAction>;
