/** The topics of forums: supergroups whose messages are divided by subject. */
export { type ChannelTopicsDoor, openChannelTopics } from './topics-door.ts';
