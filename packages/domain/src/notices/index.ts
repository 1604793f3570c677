/** Notices for devices whose app is closed: who is told of what, and when; the package `push` brings them to the services of phones and browsers. */
export { createNotices, type Notices } from './create-notices.ts';
export { countShownDevices, type DeviceCount, doForgetDevices, doTestDevices, listShownDevices, type ShownDevice } from './shown-device-store.ts';
export type { NoticePayload } from './write-notice.ts';
