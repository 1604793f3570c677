/** Notification settings of single chats and of kinds of chat. */
export { createNotifications, type Notifications, type NotifyScope } from './notify-settings.ts';
