/** Supergroups and broadcast channels: everything that is done with them. */
export type { LogPage } from './channel-log-door.ts';
export type { ChannelInvitation } from './channel-members-door.ts';
export { type ChannelDoor, type Channels, createChannels } from './channels.ts';
export { InviteLinks, type InvitePreview } from './invite-links.ts';
export { createLeaveChats } from './leave-chats.ts';
export { createLeavePlaces } from './leave-places.ts';
export type { ParticipantFilter } from './participants.ts';
export { PUBLIC_CHANNELS_MAX } from './public-name.ts';
export { RECOMMENDED_MAX } from './recommendations.ts';
export { usernameIn } from './search-chats.ts';
