import type { JobKind } from '@aerogram/storage';

import { createFilters, Dialogs, type Filters } from './chat-list/index.ts';
import type { Channels } from './channels/index.ts';
import { signatureOf } from './channel-posts/index.ts';
import { channelIdOf, createPositions, type Positions } from './events/index.ts';
import type { FrameApplier } from './effects/index.ts';
import { applyPage, createDeleteHandlers, createEditHandler, createMessageHandler, createMessages, createPassingMediaJob, createReadDateJob, createReadHandler, type Messages, type MessagingDeps } from './messages/index.ts';
import { createProtection, type Protection } from './protection/index.ts';
import { createReactionHandler, createReactions, type Reactions } from './reactions/index.ts';
import { createSaved, type Saved } from './saved/index.ts';
import { Scheduled, type ScheduledDeps } from './scheduled/index.ts';
import { createTtl, type Ttl } from './ttl/index.ts';
import { createTyping, type Typing } from './typing/index.ts';
import { createUpdates, type Updates } from './updates/index.ts';
import { type ApplyPage, createWebPages, type WebPages } from './web-pages/index.ts';

/** Messages, dialogs and updates. */
export interface Messaging extends AsyncDisposable {
  readonly messages: Messages;
  readonly dialogs: Dialogs;
  readonly filters: Filters;
  readonly scheduled: Scheduled;
  readonly saved: Saved;
  readonly reactions: Reactions;
  readonly protection: Protection;
  readonly ttl: Ttl;
  readonly typing: Typing;
  readonly updates: Updates;
  readonly positions: Positions;
  readonly webPages: WebPages;
  /** Sets what applies the acts of people elsewhere. */
  registerEffects(frames: Pick<FrameApplier, 'register'>): void;
  /** The background jobs, which processes with the role `jobs` run. */
  readonly jobKinds: readonly JobKind[];
}

/** Creates the parts of messaging. Disposing waits until all queued sends are committed. */
export function createMessaging(deps: MessagingDeps & ScheduledDeps & { channels: Pick<Channels, 'at'> }): Messaging {
  const applyPageTo: ApplyPage = async (reader, page, end) => {
    if (reader.post === undefined) return applyPage(deps, reader, page, end);
    // The channel may be kept elsewhere, so the job ends in a transaction of its own. When it is repeated, the post has the page already.
    await deps.channels.at(channelIdOf(reader.post.peerId)).posts.doShowPage(reader.post.msgId, page);
    await deps.db.transact('end-page', end);
  };
  const webPages = createWebPages({ ...deps, applyPage: applyPageTo });
  const messages = createMessages({ ...deps, webPages });
  const scheduled = new Scheduled(deps, async (peer, outgoing) => {
    if (peer.kind !== 'channel') return messages.doSendOutgoing(peer, outgoing, true);
    const { senderId: actorId, parts, reply, origin, scheduled: row } = outgoing;
    const user = (await deps.users.findRows([actorId])).get(actorId);
    const signature = user === undefined ? '' : signatureOf(user);
    return deps.channels.at(peer.channelId).posts.doSend({ actorId, origin, parts, reply, signature, sendAs: row?.send_as ?? undefined, topicId: row?.top_id ?? undefined, scheduled: row });
  });
  const ttl = createTtl(deps);
  const positions = createPositions(deps);
  return {
    messages,
    dialogs: new Dialogs(deps),
    filters: createFilters(deps),
    reactions: createReactions(deps),
    updates: createUpdates(deps),
    positions,
    protection: createProtection(deps),
    ttl,
    typing: createTyping(deps, messages),
    scheduled,
    saved: createSaved(deps),
    webPages,
    registerEffects(frames) {
      frames.register(createMessageHandler({ ...deps, webPages }));
      frames.register(createEditHandler({ ...deps, webPages }));
      const [deletions, histories] = createDeleteHandlers(deps);
      frames.register(deletions);
      frames.register(histories);
      frames.register(createReadHandler(deps));
      frames.register(createReactionHandler(deps));
    },
    jobKinds: [...scheduled.jobKinds, ...webPages.jobKinds, ...ttl.jobKinds, ...positions.jobKinds, createReadDateJob(deps), createPassingMediaJob(deps)],
    async [Symbol.asyncDispose]() {
      await messages[Symbol.asyncDispose]();
      await positions[Symbol.asyncDispose]();
    },
  };
}
