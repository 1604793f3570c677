/** Message boxes: their rows, counters and events, and `BoxWriter`, the only way to write to them. */
export type { Arrivals } from './arrivals.ts';
export { askedDate } from './asked-date.ts';
export type { BoxEvent, BoxHint, BoxPosition, DeviceEvent, DeviceHint, LoggedUpdateEvent, Origin, TransientHint, UserHint } from './box-event.ts';
export { type Boxes, FIRST_QTS, type UnnumberedMessage, type UnnumberedPost } from './box-store.ts';
export type { CardTeller } from './card-teller.ts';
export { type BoxWriter, createBoxWriter, type FoundOwners, type OpenBoxes, type SubjectDeps } from './box-writer.ts';
export { listMessagesAt, type MessagePlace } from './list-messages-at.ts';
export { commentsIn, entitiesOf, findShownIn, meantForIn, type MessageExtra, packMessageExtra, peerMsgIdIn, unpackMessageExtra, withCommentsIn } from './message-extra.ts';
export { bytesOfRow, EXTRA_MAX_BYTES, hasFlag, MESSAGE_COLUMNS, messageBytes, messageColumns, MessageFlag, type MessageRow, type Queries, readExtra } from './message-row.ts';
export { noteCall } from './call-key-store.ts';
export { channelIdOf, postOf, type PostRow, type StoredPost } from './post-row.ts';
export { createPositions, type DevicePosition, type Positions } from './positions.ts';
export { dropSuperseded, LogKind, unpackMsgId } from './update-log-store.ts';
export { onChannelHint, onUserHint, publishChannelTransient, publishDeviceHint, publishToOthers, publishTransient } from './user-hints.ts';
