/** The wallpapers and themes of private chats. */
export { type ChatThemes, createChatThemes } from './chat-themes.ts';
export { type ChatWallpapers, createChatWallpapers } from './chat-wallpapers.ts';
