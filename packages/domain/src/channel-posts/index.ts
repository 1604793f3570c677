/** Posts of channels: sending, editing, pinning and deleting them, who reads them, and how long they live. */
export { type ChannelPostsDeps, type ChannelPostsDoor, openChannelPosts } from './channel-posts-door.ts';
export { AwaitedCopies } from './awaited-copies.ts';
export { createComments, ORDER_ANSWERS } from './comments.ts';
export type { CommentAnswer } from './find-answers.ts';
export { accessPosts, type FindReadId } from './access-posts.ts';
export { createChannelReadJob } from './find-post-readers.ts';
export { createExpireJob } from './expire-posts.ts';
export { readTopicWish, topicFor, type TopicWish } from './find-place.ts';
export { createRetainChannelsJob } from './retain-channels.ts';
export { checkReplyTarget, signatureOf } from './send-post.ts';
