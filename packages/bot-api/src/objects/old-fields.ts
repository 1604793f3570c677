/**
 * Fields that the reference does not describe any more and that objects still have, because old libraries read them, by the type of the object. Others must not be added
 * to: programs that are written today find all they need in the fields of the reference.
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
  Sticker: ['thumb'],
} as const satisfies Record<string, readonly string[]>;
