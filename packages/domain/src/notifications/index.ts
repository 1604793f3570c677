/** Notification settings of chats and of kinds of chats. */
export { createNotifications, type Notifications, type NotifyScope } from './notify-settings.ts';
