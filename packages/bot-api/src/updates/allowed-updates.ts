import type { Params } from '../params/params.ts';
import { readJson } from '../read-json.ts';

/** The kinds of updates that a bot may name, as the reference of the Bot API lists them. Some of them this server does not make. */
const NAMES: ReadonlySet<string> = new Set([
  'message', 'edited_message', 'channel_post', 'edited_channel_post', 'business_connection', 'business_message', 'edited_business_message', 'deleted_business_messages',
  'message_reaction', 'message_reaction_count', 'inline_query', 'chosen_inline_result', 'callback_query', 'shipping_query', 'pre_checkout_query', 'purchased_paid_media',
  'poll', 'poll_answer', 'my_chat_member', 'chat_member', 'chat_join_request', 'chat_boost', 'removed_chat_boost',
]);

/** What a bot gets only if it names it. */
const BY_NAME_ONLY: ReadonlySet<string> = new Set(['chat_member', 'message_reaction', 'message_reaction_count']);

/** The kinds of updates that a bot wants; undefined for the default. */
export type AllowedUpdates = readonly string[] | undefined;

/** Whether a bot wants a kind of update. Pure. */
export function isAllowed(names: AllowedUpdates, name: string): boolean {
  return names === undefined ? !BY_NAME_ONLY.has(name) : names.includes(name);
}

/**
 * Reads `allowed_updates`. Names that no update has are left out; `null`, an empty list, and one of which nothing is left, stand for the default. Pure.
 * @returns the names, undefined for the default, or 'unchanged' if the parameter says nothing
 */
export function readAllowed(params: Params<'allowed_updates'>): AllowedUpdates | 'unchanged' {
  if (params.isNull('allowed_updates')) return undefined;
  let value: unknown;
  try {
    value = readJson(params.text('allowed_updates'));
  } catch {
    return 'unchanged';
  }
  if (!Array.isArray(value) || value.some((one) => typeof one !== 'string')) return 'unchanged';
  const names = [...new Set((value as string[]).map((one) => one.toLowerCase()))].filter((one) => NAMES.has(one));
  return names.length === 0 ? undefined : names;
}
