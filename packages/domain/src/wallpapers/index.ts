/** Wallpapers: backgrounds of chats that users upload and keep in a list, and the fills that every server has. */
export { CHAT_THEMES, findChatTheme } from './default-themes.ts';
export { Wallpapers, type WallpaperUpload } from './wallpapers.ts';
export { findWallpaperDocument } from './wallpaper-store.ts';
export { checkedWallpaperSettings, settingsOfFill } from './wallpaper-settings.ts';
