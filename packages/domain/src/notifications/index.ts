/** Notification settings of single chats and of kinds of chat. */
export { createNotifications, type Notifications, type NotifyScope, projectUpdate as projectNotifyUpdate } from './notify-settings.ts';
export { copyNotifySettings } from './notify-settings-store.ts';
