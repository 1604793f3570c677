/** Settings of an account. Those of apps are only stored here; others are read by whatever they change, by `AccountSettings.find`. */
export { type AccountSettings, createAccountSettings } from './account-settings.ts';
export { type AppSettings, type AutoSaveScope, createAppSettings } from './app-settings.ts';
export { saveChatSettings } from './chat-settings-store.ts';
export { createWebBrowser, type WebBrowser } from './web-browser.ts';
