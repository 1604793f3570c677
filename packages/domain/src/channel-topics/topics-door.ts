import { rpcError } from '@aerogram/errors';
import { type Clock, pageSize } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import { checkRight, findChannelMembers, findChannelRows, isForum, standingIn } from '../chats/index.ts';
import type { PostRow } from '../events/index.ts';
import type { HistoryAffected } from '../messages/index.ts';
import { type Acting, type ChannelChangeDeps, ChannelChanger, type ChannelIds, type ChannelOutcome, countTopics, type ListedTopic, listTopics, type TopicQuery } from '../channel-state/index.ts';
import type { TopicClearing } from './clear-topic.ts';
import { createTopic, type NewTopic } from './create-topic.ts';
import { deleteTopic } from './delete-topic.ts';
import { editTopic, type TopicEdit } from './edit-topic.ts';
import { pinTopic, reorderPinnedTopics } from './pin-topics.ts';

/** Maximum number of topics in one page. */
const PAGE_MAX = 100;

/** A page of the topics of a forum. */
export interface TopicPage {
  topics: ListedTopic[];
  /** How many topics there are with such a title. */
  count: number;
}

/** Operations on the topics of one forum. */
export interface ChannelTopicsDoor {
  /** Throws as {@link createTopic}. */
  doCreate(topic: NewTopic): Promise<PostRow>;
  /** Throws as {@link editTopic}. */
  doEdit(edit: TopicEdit): Promise<ChannelOutcome>;
  /** Throws as {@link pinTopic}. */
  doPin(acting: Acting, topicId: number, pinned: boolean): Promise<ChannelOutcome>;
  /** Throws as {@link reorderPinnedTopics}. */
  doReorderPinned(acting: Acting, order: readonly number[], force: boolean): Promise<ChannelOutcome>;
  /** Throws as {@link deleteTopic}. */
  doDelete(acting: Acting, topicId: number): Promise<HistoryAffected>;
  /** Lists topics. @throws RpcError 400 CHANNEL_INVALID, CHANNEL_PRIVATE, CHANNEL_FORUM_MISSING */
  list(query: Omit<TopicQuery, 'channelId'>): Promise<TopicPage>;
}

/** The dependencies of the topics of forums. */
export interface ChannelTopicsDeps extends ChannelChangeDeps {
  db: Database;
  clock: Pick<Clock, 'now'>;
  topicClearing: Pick<TopicClearing, 'order'>;
}

/** Creates the operations on the topics of a forum whose rows are in this database. */
export function openChannelTopics(deps: ChannelTopicsDeps, ids: ChannelIds): ChannelTopicsDoor {
  const { db, clock } = deps;
  const { channelId } = ids;
  const changer = new ChannelChanger(deps, ids);
  return {
    doCreate: (topic) => changer.open('create-topic', topic, { writes: true }, (channel) => createTopic(channel, topic)),
    doEdit: (edit) => changer.change('edit-topic', edit, { writes: true }, (channel) => editTopic(channel, edit)),
    doPin: (acting, topicId, pinned) => changer.change('pin-topic', acting, {}, (channel) => pinTopic(channel, topicId, pinned)),
    doReorderPinned: (acting, order, force) => changer.change('reorder-topics', acting, {}, (channel) => reorderPinnedTopics(channel, order, force)),
    doDelete: (acting, topicId) => changer.open('delete-topic', acting, {}, (channel) => deleteTopic(channel, deps.topicClearing, acting, topicId)),
    async list(query) {
      const [[row], [member], topics, count] = await Promise.all([
        findChannelRows(db, [channelId]),
        findChannelMembers(db, [{ id: channelId, userId: query.viewerId }]),
        listTopics(db, { ...query, channelId, limit: pageSize(query.limit, PAGE_MAX) }),
        countTopics(db, channelId, query.title),
      ]);
      if (row === undefined) throw rpcError('CHANNEL_INVALID');
      checkRight(standingIn(row, member, clock.now()), 'view_messages');
      if (!isForum(row)) throw rpcError('CHANNEL_FORUM_MISSING');
      return { topics, count };
    },
  };
}
