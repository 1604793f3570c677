/** Supergroups and broadcast channels: their messages, and everything that is done with them. */
export type { Acting as ChannelActing } from './channel-change.ts';
export { type ChannelDoor, type ChannelOutcome, type ChannelInvitation, type Channels, createChannels, newPostUpdate } from './channels.ts';
export type { NewChannel } from './create-channel.ts';
export type { ParticipantFilter, ParticipantPage } from './participants.ts';
export { findPosts, listArrivedPosts, listPostsAt, type PostWindow } from './post-store.ts';
export { projectPost } from './project-post.ts';
export type { NewPost } from './send-post.ts';
