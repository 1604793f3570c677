/** Notification settings of single chats and of kinds of chat. */
export { createNotifications, findNotifyRow, type Notifications, type NotifyScope, projectUpdate as projectNotifyUpdate } from './notify-settings.ts';
export { copyNotifySettings, saveNotifySettings } from './notify-settings-store.ts';
