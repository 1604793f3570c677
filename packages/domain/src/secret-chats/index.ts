/** Secret chats: two devices agree on a key that the server does not know, and the server carries what they encrypt with it from one to the other. */
export { endSecretChats } from './end-chats.ts';
export { type OrderSecretNotices, SECRET_NOTICES, type SecretNotice } from './told-device.ts';
export { isChatIn } from './secret-chat-store.ts';
export { type SecretChats, createSecretChats } from './secret-chats.ts';
export type { SecretMessage } from './send-secret.ts';
