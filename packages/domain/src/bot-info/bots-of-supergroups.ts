import type { Bus } from '@aerogram/bus';
import { unmarkPeer } from '@aerogram/cluster';
import { type Database, defineStatement } from '@aerogram/storage';

import { groupBy, LoadingCache, onAccountHint } from '../shared/index.ts';

const readGroupBots = defineStatement<{ channel_id: bigint; user_id: bigint }>(
  'read_group_bots',
  `SELECT m.channel_id, m.user_id FROM bots b JOIN channel_members m ON m.user_id = b.bot_id AND m.channel_id = ANY ($1::bigint[])
    WHERE m.status = 'member' ORDER BY m.user_id`,
);

const MAX_GROUPS = 20_000;

/** Which bots are in supergroups. Nothing but the list of members says so, which may be long; so the answer is kept. */
export class BotsOfSupergroups implements Disposable {
  readonly #bots: LoadingCache<bigint, bigint[]>;
  readonly #subscriptions: Disposable[];

  constructor({ db, bus }: { db: Database; bus: Bus }) {
    this.#bots = new LoadingCache({
      maxEntries: MAX_GROUPS,
      load: async (channelIds) => {
        const rows = groupBy((await db.run(readGroupBots, [channelIds])).rows, (row) => row.channel_id);
        return new Map(channelIds.map((id) => [id, (rows.get(id) ?? []).map((row) => row.user_id)]));
      },
    });
    this.#subscriptions = [
      onAccountHint(bus, (hint) => {
        if (hint.kind === 'chat' && hint.userIds.length > 0) this.#forget(hint.markedId);
      }),
      bus.onReconnect(() => this.#bots.clear()),
    ];
  }

  /** The bots in a supergroup, as far as hints have said. */
  async list(channelId: bigint): Promise<bigint[]> {
    return (await this.#bots.get(channelId)) ?? [];
  }

  #forget(markedId: bigint): void {
    const peer = unmarkPeer(markedId);
    if (peer._ === 'peerChannel') this.#bots.invalidate(peer.channel_id);
  }

  [Symbol.dispose](): void {
    for (const subscription of this.#subscriptions) subscription[Symbol.dispose]();
  }
}
