import { markPeer } from '@aerogram/cluster';

import { forwardMedia } from '../content/index.ts';
import { hasFlag, MessageFlag, packMessageExtra, type PostRow, unpackMessageExtra } from '../events/index.ts';
import { forwardMarkup } from '../keyboards/index.ts';
import { CONTENT_FLAGS, copyHeader, isSameContent } from '../messages/index.ts';
import { changeChannel, type ChannelChange, type ChannelChangeDeps, type CommentPair, type CopyRow, type CopySource, findCopies, findPosts, saveCopiesLast } from '../channel-state/index.ts';

/** Flags of a copy that follow those of its post. */
const FOLLOWED_FLAGS = CONTENT_FLAGS | MessageFlag.editHide | MessageFlag.noforwards;

/** Posts that are copied. */
interface PostsToCopy {
  /** The posts that are looked at. Of those that the source lacks the copies are deleted. */
  postIds: readonly number[];
  source: CopySource;
  /** Copies are compared although they were equal at the same pts of the channel, because something may have changed that has no pts. */
  again?: boolean;
}

/** What a group knows of a copy. */
type KnownCopy = Omit<CopyRow, 'channel_id' | 'source_id'>;

/**
 * Makes the copies of posts in a discussion group equal to the posts: it adds those that are missing, edits those that differ and deletes those whose post is
 * gone. What is older than what was copied before changes nothing, so neither repeats nor the order of the calls matter.
 * @returns whether the group is the discussion group of the channel; otherwise nothing was done
 */
export function doCopyPosts(deps: ChannelChangeDeps, pair: CommentPair, { postIds, source, again = false }: PostsToCopy): Promise<boolean> {
  const acting = { actorId: markPeer({ _: 'peerChannel', channel_id: pair.channelId }), origin: undefined };
  return changeChannel(deps, { name: 'copy-posts', channelId: pair.groupId, acting }, { saysNothing: true }, async (group) => {
    if (group.row.linked_chat_id !== pair.channelId || group.standing.closed) return false;
    const known = await findCopies(group.tx, pair, postIds);
    const isOlder = (copy: KnownCopy | undefined): boolean => copy !== undefined && (copy.version < source.version || (again && copy.version === source.version));
    const older = postIds.filter((postId) => isOlder(known.get(postId)));
    const posts = new Map(source.posts.map((post) => [post.msg_id, post]));
    await editCopies(group, older.map((postId) => ({ post: posts.get(postId), msgId: known.get(postId)!.msg_id })), source);
    const gone = older.filter((postId) => !posts.has(postId)).map((postId) => known.get(postId)!.msg_id);
    if (gone.length > 0) await group.remove(gone);
    const added = addCopies(group, pair, source, source.posts.filter((post) => !known.has(post.msg_id)));
    const { version } = source;
    const unseen = postIds.filter((postId) => !known.has(postId) && !posts.has(postId)).map((post_id) => ({ post_id, msg_id: 0, root_id: 0, version }));
    saveCopiesLast(group.tx, pair, [...older.map((postId) => ({ ...known.get(postId)!, version })), ...added, ...unseen]);
    return true;
  });
}

/**
 * Adds the copies of posts that the group has never had. The first message of an album starts the thread for all of them. Copies do not expire with the messages of the
 * group, because the comments on a post go with its copy.
 */
function addCopies(group: ChannelChange, { channelId, groupId }: CommentPair, source: CopySource, posts: readonly PostRow[]): KnownCopy[] {
  const roots = new Map<bigint, PostRow>();
  return posts.map((post) => {
    const { groupedId } = unpackMessageExtra(post.extra);
    const albumRoot = groupedId === undefined ? undefined : roots.get(groupedId);
    const silent = post.flags & MessageFlag.silent;
    const content = contentOf(post, source);
    const copy = group.post({ ...content, flags: content.flags | silent | (albumRoot === undefined ? MessageFlag.pinned : 0), reply_to_msg_id: null, ttl_period: null });
    if (albumRoot === undefined) group.threads.beginComments(copy, { groupId, channelId, postId: post.msg_id });
    const root = albumRoot ?? copy;
    if (groupedId !== undefined) roots.set(groupedId, root);
    return { post_id: post.msg_id, msg_id: copy.msg_id, root_id: root.msg_id, version: source.version };
  });
}

/** Edits those copies that differ from their posts. Copies that the group has deleted stay so. */
async function editCopies(group: ChannelChange, changed: readonly { post: PostRow | undefined; msgId: number }[], source: CopySource): Promise<void> {
  const copies = await findPosts(group.tx.q, group.row.channel_id, changed.map(({ msgId }) => msgId));
  for (const { post, msgId } of changed) {
    const copy = copies.get(msgId);
    if (post === undefined || copy === undefined) continue;
    const { flags, ...content } = contentOf(post, source);
    const edited = { ...copy, ...content, flags: (copy.flags & ~FOLLOWED_FLAGS) | flags, edit_date: post.edit_date };
    if (!isSameContent(edited, copy)) await group.edit(edited, copy);
  }
}

/** The content of a copy. Pure. */
function contentOf(post: PostRow, { isProtected }: CopySource): Pick<PostRow, 'text' | 'extra' | 'flags'> {
  const { entities, media, fwdFrom, replyMarkup, viaBotId, groupedId } = unpackMessageExtra(post.extra);
  const extra = packMessageExtra({ entities, media: forwardMedia(media), fwdFrom: copyHeader(post, fwdFrom), replyMarkup: forwardMarkup(replyMarkup), viaBotId, groupedId });
  const isKept = isProtected || hasFlag(post, MessageFlag.noforwards);
  return { text: post.text, extra, flags: (post.flags & (CONTENT_FLAGS | MessageFlag.editHide)) | (isKept ? MessageFlag.noforwards : 0) };
}
