/** Account settings that the server only stores. */
export { type AppSettings, type AutoSaveScope, createAppSettings } from './app-settings.ts';
export { saveChatSettings } from './chat-settings-store.ts';
export { createWebBrowser, type WebBrowser } from './web-browser.ts';
