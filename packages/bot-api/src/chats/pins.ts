/** What the Bot API says if the bot may not pin messages, or does not know the person of a private chat. */
export const PIN_TEXTS = { CHAT_ADMIN_REQUIRED: 'not enough rights to manage pinned messages in the chat', PEER_ID_INVALID: 'chat not found' } as const;
