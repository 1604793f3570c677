/**
 * Fields that are not in the reference any more, by the type of the object. Objects still have them because old libraries read them. The list is complete: tests reject any
 * other field that the reference does not know.
 */
export const OLD_FIELDS = {
  Message: [
    'forward_from', 'forward_from_chat', 'forward_from_message_id', 'forward_signature', 'forward_sender_name', 'forward_date', 'new_chat_participant', 'new_chat_member', 'left_chat_participant',
    'user_shared',
  ],
  Chat: ['all_members_are_administrators'],
  ChatFullInfo: ['all_members_are_administrators'],
  ChatPermissions: ['can_send_media_messages'],
  ChatMemberRestricted: ['can_send_media_messages'],
  Animation: ['thumb'],
  Audio: ['thumb'],
  Document: ['thumb'],
  Video: ['thumb'],
  VideoNote: ['thumb'],
  // The types of the reference that tests read do not have the second one yet.
  Sticker: ['thumb', 'needs_repainting'],
  Poll: ['correct_option_id'],
} as const satisfies Record<string, readonly string[]>;
