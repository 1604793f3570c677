/** The log of each device: what one device alone may see, such as the messages of its secret chats, until the device has it. */
export { DeviceEventKind, type DevicePlace, type NewDeviceEvent } from './device-event.ts';
export { appendDeviceEvents, countQueuedInChat, dropChatEvents, endDeviceLogs, lockDeviceLogs, type LockedLog } from './device-log-store.ts';
export { createDeviceLogs, type DeviceLogs, orderTelling } from './device-logs.ts';
export { type DeviceDifference, type DeviceLogPosition, type DeviceSlice, type KnownDevices, listDeviceDifference, listDeviceEvents, listMovedDevices, type MovedDevice } from './read-device-log.ts';
