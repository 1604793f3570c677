import type { tl } from '@aerogram/tl';

import { ifText, ifTrue, jsonId, type JsonObject } from './json-object.ts';

/** The author of messages of anonymous admins, for bots that expect a user. */
export const ANONYMOUS_ADMIN: JsonObject = { id: 1087968824, is_bot: true, first_name: 'Group', username: 'GroupAnonymousBot' };

/** The author of messages that are sent on behalf of a channel, for bots that expect a user. */
export const CHANNEL_AUTHOR: JsonObject = { id: 136817688, is_bot: true, first_name: 'Channel', username: 'Channel_Bot' };

/** The author of posts that are forwarded automatically from a channel to its discussion group, for bots that expect a user. */
export const AUTO_FORWARDER: JsonObject = { id: 777000, is_bot: false, first_name: 'Aerogram' };

/** Accounts that replace authors who are not users. Answers do not contain their users, because no TL object names them. */
export const SERVICE_USERS = [ANONYMOUS_ADMIN, CHANNEL_AUTHOR, AUTO_FORWARDER];

/** The username that is shown: the first one, which may also stand in the list of all. */
export function usernameOf({ username, usernames }: Pick<tl.user | tl.channel, 'username' | 'usernames'>): string | undefined {
  return ifText(username) ?? usernames?.find((one) => one.active === true)?.username;
}

/** A User object. Deleted accounts, and users of whom nothing is known, have an empty name. */
export function projectUser(user: tl.User): JsonObject {
  if (user._ === 'userEmpty') return { id: jsonId(user.id), is_bot: false, first_name: '' };
  return {
    id: jsonId(user.id),
    is_bot: user.bot === true,
    first_name: user.first_name ?? '',
    last_name: ifText(user.last_name),
    username: usernameOf(user),
    language_code: ifText(user.lang_code),
    is_premium: ifTrue(user.premium),
    added_to_attachment_menu: ifTrue(user.attach_menu_enabled),
  };
}

/** The User object of the bot itself, with the fields that only getMe returns. */
export function projectMe(user: tl.user): JsonObject {
  return {
    ...projectUser(user),
    can_join_groups: user.bot_nochats !== true,
    can_read_all_group_messages: user.bot_chat_history === true,
    supports_guest_queries: user.bot_guestchat === true,
    supports_inline_queries: user.bot_inline_placeholder !== undefined,
    can_connect_to_business: user.bot_business === true,
    has_main_web_app: user.bot_has_main_app === true,
    has_topics_enabled: user.bot_forum_view === true,
    allows_users_to_create_topics: user.bot_forum_can_manage_topics === true,
    can_manage_bots: user.bot_can_manage_bots === true,
    supports_join_request_queries: user.bot_guard === true,
  };
}
