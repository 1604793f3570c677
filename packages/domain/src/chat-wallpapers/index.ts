/** The wallpapers of private chats. */
export { type ChatWallpapers, createChatWallpapers } from './chat-wallpapers.ts';
