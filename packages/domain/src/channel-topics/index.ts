/** The topics of forums: supergroups whose messages are divided by subject. */
export { PINNED_TOPICS_MAX } from './pin-topics.ts';
export { listTopicsOf } from './list-topics-of.ts';
export { type ChannelTopicsDoor, openChannelTopics } from './topics-door.ts';
