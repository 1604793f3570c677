/** The topics of forums: supergroups whose messages are divided by subject. */
export { createTopicClearing } from './clear-topic.ts';
export { TOPICS_MAX } from './create-topic.ts';
export { PINNED_TOPICS_MAX } from './pin-topics.ts';
export { listTopicsOf } from './list-topics-of.ts';
export { type ChannelTopicsDoor, openChannelTopics } from './topics-door.ts';
export { projectListedTopics, type TopicViewer } from './project-listed-topic.ts';
