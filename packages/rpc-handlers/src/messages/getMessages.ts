import { projectMissingMessage } from '@aerogram/domain';
import type { Domain } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

export const getMessages = defineMethod({
  method: 'messages.getMessages',
  access: ['user', 'bot'],
  cost: 1,
  limits: { vectors: { id: 200 } },
  repeat: 'read',
  async handler(ctx, req) {
    const { messages } = ctx.domain;
    const ids = await findIds(ctx.userId, req.id, messages);
    const rows = await messages.find(ctx.userId, ids);
    const found = await messages.project(ctx.userId, [...rows.values()]);
    const byId = new Map(found.messages.map((message) => [message.id, message]));
    return { ...found, _: 'messages.messages', messages: ids.map((id) => byId.get(id) ?? projectMissingMessage(id)) };
  },
});

/**
 * Returns message ids in the requested order. inputMessageReplyTo gives the id of the message replied to, and 0 means not found. inputMessagePinned is never found: the request
 * names no chat. Clients read `pinned_msg_id` of the full info instead.
 */
async function findIds(userId: bigint, inputs: readonly tl.InputMessage[], messages: Domain['messages']): Promise<number[]> {
  const replies = inputs.filter((input) => input._ === 'inputMessageReplyTo').map((input) => input.id);
  const repliers = await messages.find(userId, replies);
  return inputs.map((input) => {
    // Bots ask so for the message whose button was pressed. They see it anyway.
    if (input._ === 'inputMessageID' || input._ === 'inputMessageCallbackQuery') return input.id;
    if (input._ === 'inputMessageReplyTo') return repliers.get(input.id)?.reply_to_msg_id ?? 0;
    return 0;
  });
}
