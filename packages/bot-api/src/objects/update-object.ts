/** The kinds of updates of the Bot API that this server makes. */
export const UPDATE_NAMES = [
  'message', 'edited_message', 'channel_post', 'edited_channel_post', 'inline_query', 'chosen_inline_result', 'callback_query', 'my_chat_member', 'chat_member', 'chat_join_request',
  'message_reaction', 'message_reaction_count', 'poll', 'poll_answer',
] as const;

/** A kind of update. */
export type UpdateName = (typeof UPDATE_NAMES)[number];

/** An update of the Bot API that has no id yet. */
export interface UpdateObject {
  name: UpdateName;
  /** The object, ready to be written as JSON. */
  value: object;
  /** When it happened, in Unix seconds. Its life counts from then. */
  date: number;
  /** What happens in the same queue is told in order: marked id of the chat, id of the person for queries, or id of the poll. */
  queue: bigint;
}
