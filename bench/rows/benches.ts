import type { BenchOptions } from '../measure.ts';
import type { Row } from '../row.ts';
import { benchAdminUsers } from './admin-users.ts';
import { benchBackup } from './backup.ts';
import { benchBotApi } from './bot-api.ts';
import { benchBotUpdates } from './bot-updates.ts';
import { benchBots } from './bots.ts';
import { benchManyChannels, benchChannelReads } from './channel-reads.ts';
import { benchCdn } from './cdn.ts';
import { benchChannelSize } from './channel-size.ts';
import { benchChannelPosts } from './channels.ts';
import { benchCodec, benchCrypto } from './codec.ts';
import { benchComments } from './comments.ts';
import { benchCrowd, benchDeliveries } from './fan-out.ts';
import { benchFileFloor } from './file-floor.ts';
import { benchFileMemory } from './file-memory.ts';
import { benchFiles } from './files.ts';
import { benchFloor } from './floor.ts';
import { benchGroups } from './groups.ts';
import { benchIdleBots } from './idle-bots.ts';
import { benchIdlePollers } from './idle-pollers.ts';
import { benchIdle, benchIdleInChannels } from './idle.ts';
import { benchKeys } from './keys.ts';
import { benchKitMemory, benchKitPeople, benchKitStart, benchKitSuite } from './kit.ts';
import { benchMedia } from './media.ts';
import { benchMembership } from './membership.ts';
import { benchNginx } from './nginx.ts';
import { benchObserved } from './observed.ts';
import { benchHangingService } from './notice-services.ts';
import { benchNotices } from './notices.ts';
import { benchPeer } from './peer.ts';
import { benchAnswers, benchReads } from './reads.ts';
import { benchSend, benchSendOnDebian } from './send.ts';
import { benchSession } from './session.ts';
import { benchSoak } from './soak.ts';
import { benchStart } from './start.ts';
import { benchTopics } from './topics.ts';
import { benchVotes } from './votes.ts';
import { benchWebDialogs } from './web-dialogs.ts';
import { benchWebHistory } from './web-history.ts';
import { benchWebPanel } from './web-panel.ts';
import { benchWebSeam } from './web-seam.ts';
import { benchWebSend } from './web-send.ts';
import { benchWebStorm } from './web-storm.ts';
import { benchHomeAway, benchHomes } from './homes.ts';
import { benchCluster } from './cluster.ts';
import { benchNodeKilled, benchPrimaryKilled, benchRollingRestart } from './cluster-faults.ts';
import { benchWorkers } from './workers.ts';

/** A bench that `--only` can select. */
export interface BenchEntry {
  run: (options: BenchOptions) => Row[] | Promise<Row[]>;
  /** It repeats by itself, or takes too long to be repeated. */
  once?: true;
  /** Skipped where this package of Debian is missing; `patroni` stands for all that `npm run cluster` needs. */
  needs?: 'chromium' | 'nats-server' | 'patroni';
  /** Only runs if selected by name. */
  long?: true;
}

/** All benches. */
export const BENCHES: Record<string, BenchEntry> = {
  codec: { run: benchCodec },
  crypto: { run: benchCrypto },
  session: { run: benchSession },
  floor: { run: benchFloor },
  'file-floor': { run: benchFileFloor },
  files: { run: benchFiles, once: true },
  'files-memory': { run: benchFileMemory, once: true, long: true },
  cdn: { run: benchCdn, once: true },
  media: { run: benchMedia, once: true },
  keys: { run: benchKeys },
  send: { run: benchSend },
  send15: { run: benchSendOnDebian },
  backup: { run: benchBackup, once: true },
  groups: { run: benchGroups },
  'channel-post': { run: benchChannelPosts },
  'channel-size': { run: benchChannelSize, once: true },
  deliveries: { run: benchDeliveries },
  crowd: { run: benchCrowd },
  'channel-reads': { run: benchChannelReads },
  'many-channels': { run: benchManyChannels },
  topics: { run: benchTopics },
  comments: { run: benchComments, once: true },
  votes: { run: benchVotes, once: true },
  'idle-channels': { run: benchIdleInChannels, once: true },
  membership: { run: benchMembership },
  bots: { run: benchBots },
  'idle-bots': { run: benchIdleBots, once: true },
  'bot-api': { run: benchBotApi, once: true },
  'idle-pollers': { run: benchIdlePollers, once: true },
  'bot-updates': { run: benchBotUpdates, once: true, long: true },
  peer: { run: benchPeer, once: true, long: true },
  notices: { run: benchNotices, once: true },
  'notices-hanging': { run: benchHangingService, once: true },
  nginx: { run: benchNginx },
  observed: { run: benchObserved, once: true },
  workers: { run: benchWorkers, once: true },
  cluster: { run: benchCluster, once: true, needs: 'nats-server' },
  homes: { run: benchHomes, once: true },
  'home-away': { run: benchHomeAway, once: true, long: true },
  'rolling-restart': { run: benchRollingRestart, once: true, long: true, needs: 'patroni' },
  'node-killed': { run: benchNodeKilled, once: true, long: true, needs: 'patroni' },
  'primary-killed': { run: benchPrimaryKilled, once: true, long: true, needs: 'patroni' },
  reads: { run: benchReads },
  answers: { run: benchAnswers },
  'admin-users': { run: benchAdminUsers, once: true },
  start: { run: benchStart },
  'kit-start': { run: benchKitStart },
  'kit-people': { run: benchKitPeople },
  'kit-suite': { run: benchKitSuite },
  'kit-memory': { run: benchKitMemory, once: true },
  'web-dialogs': { run: benchWebDialogs, once: true, needs: 'chromium' },
  'web-history': { run: benchWebHistory, once: true, needs: 'chromium' },
  'web-panel': { run: benchWebPanel, once: true, needs: 'chromium' },
  'web-seam': { run: benchWebSeam, once: true, needs: 'chromium' },
  'web-send': { run: benchWebSend, once: true, needs: 'chromium' },
  'web-storm': { run: benchWebStorm, once: true, needs: 'chromium' },
  idle: { run: benchIdle, once: true },
  soak: { run: benchSoak, once: true, long: true },
};
