/** Notification settings of single chats, of topics and of kinds of chat. */
export { createNotifications, findNotifyRow, type Notifications, type NotifyScope, projectNotifySettings, projectUpdate as projectNotifyUpdate } from './notify-settings.ts';
export { copyNotifySettings, saveNotifySettings } from './notify-settings-store.ts';
export { listTopicSettings, type TopicSettings } from './topic-settings-store.ts';
