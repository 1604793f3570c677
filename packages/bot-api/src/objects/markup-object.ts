import type { tl } from '@aerogram/tl';

import type { JsonObject } from './json-object.ts';

const utf8 = new TextDecoder();

/** The InlineKeyboardMarkup object; undefined for other keyboards, which bots are not shown. */
export function projectMarkup(markup: tl.ReplyMarkup | undefined): JsonObject | undefined {
  if (markup?._ !== 'replyInlineMarkup') return undefined;
  const rows = markup.rows.map(({ buttons }) => buttons.flatMap((button) => projectButton(button) ?? []));
  return { inline_keyboard: rows.filter((row) => row.length > 0) };
}

/** The data of a button as text. Bots that speak MTProto may have set bytes that are no text; those are replaced. */
export function projectData(data: Uint8Array): string {
  return utf8.decode(data);
}

function projectButton({ text, style, type }: tl.KeyboardInlineButton): JsonObject | undefined {
  const action = projectAction(type);
  return action && { text, ...projectStyle(style), ...action };
}

/** What a button does. Buttons that log somebody in are links, as the reference says. @returns undefined for what no bot can have put there */
function projectAction(type: tl.InlineButtonType): JsonObject | undefined {
  switch (type._) {
    case 'inlineButtonTypeUrl':
    case 'inlineButtonTypeUrlAuth':
      return { url: type.url };
    case 'inlineButtonTypeCallback':
      return { callback_data: projectData(type.data) };
    case 'inlineButtonTypeSwitchInline':
      return projectSwitch(type);
    case 'inlineButtonTypeCopy':
      return { copy_text: { text: type.copy_text } };
    default:
      return undefined;
  }
}

function projectSwitch({ query, same_peer: isHere, peer_types: types = [] }: tl.inlineButtonTypeSwitchInline): JsonObject {
  if (isHere === true) return { switch_inline_query_current_chat: query };
  if (types.length === 0) return { switch_inline_query: query };
  const names = new Set(types.map(({ _ }) => _));
  return {
    switch_inline_query_chosen_chat: {
      query,
      allow_user_chats: names.has('inlineQueryPeerTypePM'),
      allow_bot_chats: names.has('inlineQueryPeerTypeBotPM'),
      allow_group_chats: names.has('inlineQueryPeerTypeChat') || names.has('inlineQueryPeerTypeMegagroup'),
      allow_channel_chats: names.has('inlineQueryPeerTypeBroadcast'),
    },
  };
}

function projectStyle(style: tl.KeyboardButtonStyle | undefined): JsonObject {
  const color = style?.bg_danger === true ? 'danger' : style?.bg_success === true ? 'success' : style?.bg_primary === true ? 'primary' : undefined;
  return { style: color, icon_custom_emoji_id: style?.icon?.toString() };
}
