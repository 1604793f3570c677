import type { JobKind } from '@aerogram/storage';

import { createDialogs } from './dialogs/dialogs.ts';
import type { Dialogs } from './dialogs/dialogs.ts';
import { createFilters } from './dialogs/filters.ts';
import type { Filters } from './dialogs/filters.ts';
import { createMessages } from './messages/messages.ts';
import type { Messages } from './messages/messages.ts';
import { createReadDateJob } from './messages/find-read-date.ts';
import { createReactions } from './messages/reactions.ts';
import type { Reactions } from './messages/reactions.ts';
import type { MessagingDeps } from './messages/messaging-deps.ts';
import { createAccessInputPeer } from './peers/resolved-peer.ts';
import type { AccessInputPeer } from './peers/resolved-peer.ts';
import { createProtection } from './protection/protection.ts';
import type { Protection } from './protection/protection.ts';
import { createSaved } from './saved/saved.ts';
import type { Saved } from './saved/saved.ts';
import { createScheduled } from './scheduled/scheduled.ts';
import type { ScheduledDeps } from './scheduled/scheduled-jobs.ts';
import type { Scheduled } from './scheduled/scheduled.ts';
import { createTtl } from './ttl/ttl.ts';
import type { Ttl } from './ttl/ttl.ts';
import { createTyping } from './typing/typing.ts';
import type { Typing } from './typing/typing.ts';
import { createPositions, type Positions } from './updates/positions.ts';
import { createUpdates } from './updates/updates.ts';
import type { Updates } from './updates/updates.ts';
import { applyPage } from './web-pages/apply-page.ts';
import { createWebPages } from './web-pages/web-pages.ts';
import type { WebPages } from './web-pages/web-pages.ts';

/** What people write to each other, and how their devices learn it. */
export interface Messaging extends AsyncDisposable {
  readonly accessInputPeer: AccessInputPeer;
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
  /** What is done later: the `jobs` role runs it. */
  readonly jobKinds: readonly JobKind[];
}

/** Builds the subjects of messaging over those of people. Dispose to commit what is queued. */
export function createMessaging(deps: MessagingDeps & ScheduledDeps): Messaging {
  const webPages = createWebPages({ ...deps, applyPage: (...page) => applyPage(deps, ...page) });
  const messages = createMessages({ ...deps, webPages });
  const scheduled = createScheduled(deps, (peer, outgoing) => messages.doSendOutgoing(peer, outgoing, true));
  const ttl = createTtl(deps);
  const positions = createPositions(deps);
  return {
    accessInputPeer: createAccessInputPeer(deps.accessUser),
    messages,
    dialogs: createDialogs(deps),
    filters: createFilters(deps),
    reactions: createReactions(deps),
    updates: createUpdates(deps),
    positions,
    protection: createProtection(deps),
    ttl,
    typing: createTyping(deps),
    scheduled,
    saved: createSaved(deps),
    webPages,
    jobKinds: [...scheduled.jobKinds, ...webPages.jobKinds, ...ttl.jobKinds, ...positions.jobKinds, createReadDateJob(deps)],
    async [Symbol.asyncDispose]() {
      await messages[Symbol.asyncDispose]();
      await positions[Symbol.asyncDispose]();
    },
  };
}
