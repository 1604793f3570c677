import { createFilters, Dialogs } from './chat-list/index.ts';
import type { Channels } from './channels/index.ts';
import { signatureOf } from './channel-posts/index.ts';
import { channelIdOf, createPositions } from './events/index.ts';
import { createDeviceLogs } from './device-log/index.ts';
import { applyPage, createDeleteHandlers, createEditHandler, createMessageHandler, createMessages, createPassingMediaJob, createReadDateJob, createReadHandler, type MessagingDeps } from './messages/index.ts';
import { createProtection } from './protection/index.ts';
import { createReactionHandler, createReactions } from './reactions/index.ts';
import { createSaved } from './saved/index.ts';
import { Scheduled, type ScheduledDeps } from './scheduled/index.ts';
import type { SubjectList } from './subject-list.ts';
import { createTtl } from './ttl/index.ts';
import { createTyping } from './typing/index.ts';
import { createUpdates } from './updates/index.ts';
import { APPLY_PAGE, type WebPages } from './web-pages/index.ts';

/** What messaging stands on. */
export interface MessagingParts extends MessagingDeps, ScheduledDeps {
  webPages: WebPages;
  channels: Pick<Channels, 'at'>;
}

/** Creates messages, dialogs and updates. Their disposal waits until all queued sends are committed. */
export function createMessaging(subjects: SubjectList, deps: MessagingParts) {
  subjects.ports.bind(APPLY_PAGE, async (reader, page, end) => {
    if (reader.post === undefined) return applyPage(deps, reader, page, end);
    // The channel may be kept elsewhere, so the job ends in a transaction of its own. When it is repeated, the post has the page already.
    await deps.channels.at(channelIdOf(reader.post.peerId)).posts.doShowPage(reader.post.msgId, page);
    await deps.db.transact('end-page', end);
  });

  const positions = subjects.add(createPositions(deps));
  const deviceLogs = subjects.add(createDeviceLogs(deps));
  const messages = subjects.add(createMessages(deps));
  subjects.register(createMessageHandler(deps));
  subjects.register(createEditHandler(deps));
  const [deletions, histories] = createDeleteHandlers(deps);
  subjects.register(deletions);
  subjects.register(histories);
  subjects.register(createReadHandler(deps));
  subjects.addJobs(createReadDateJob(deps), createPassingMediaJob(deps));

  const reactions = subjects.add(createReactions(deps));
  subjects.register(createReactionHandler(deps));

  const scheduled = subjects.add(
    new Scheduled(deps, async (peer, outgoing) => {
      if (peer.kind !== 'channel') return messages.doSendOutgoing(peer, outgoing, true);
      const { senderId: actorId, parts, reply, origin, scheduled: row } = outgoing;
      const user = (await deps.users.findRows([actorId])).get(actorId);
      const signature = user === undefined ? '' : signatureOf(user);
      return deps.channels.at(peer.channelId).posts.doSend({ actorId, origin, parts, reply, signature, sendAs: row?.send_as ?? undefined, topicId: row?.top_id ?? undefined, scheduled: row });
    }),
  );
  return {
    positions,
    deviceLogs,
    messages,
    reactions,
    scheduled,
    ttl: subjects.add(createTtl(deps)),
    protection: subjects.add(createProtection(deps)),
    saved: subjects.add(createSaved(deps)),
    typing: subjects.add(createTyping(deps, messages)),
    dialogs: subjects.add(new Dialogs(deps)),
    filters: subjects.add(createFilters(deps)),
    updates: subjects.add(createUpdates(deps)),
  };
}
