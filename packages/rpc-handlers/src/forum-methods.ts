import { toggleForum } from './channels/toggleForum.ts';
import { createForumTopic } from './messages/createForumTopic.ts';
import { deleteTopicHistory } from './messages/deleteTopicHistory.ts';
import { editForumTopic } from './messages/editForumTopic.ts';
import { getForumTopics } from './messages/getForumTopics.ts';
import { getForumTopicsByID } from './messages/getForumTopicsByID.ts';
import { reorderPinnedForumTopics } from './messages/reorderPinnedForumTopics.ts';
import { updatePinnedForumTopic } from './messages/updatePinnedForumTopic.ts';

/** The methods of forums. They are offered together: a group that is a forum is of use only with all of them. */
export const forumMethods = [toggleForum, createForumTopic, deleteTopicHistory, editForumTopic, getForumTopics, getForumTopicsByID, reorderPinnedForumTopics, updatePinnedForumTopic] as const;
