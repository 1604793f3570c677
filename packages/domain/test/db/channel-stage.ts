import { markPeer } from '@aerogram/cluster';
import { afterAll, beforeAll } from 'vitest';

import type { UserRow } from '../../src/peers/index.ts';
import { createWorld, signUpPeople, type World } from './accounts-world.ts';

const ORIGIN = { authKeyId: 1n, sessionId: 1n };

/** A channel that the first person makes. */
export interface StagedChannel {
  kind: 'megagroup' | 'broadcast';
  title?: string;
  /** Those who are invited, by their places. */
  members?: readonly number[];
}

/** A world with people, who are called by their places, and the channels that the first of them makes. */
export interface ChannelStage {
  /** Set before the first test, as {@link ChannelStage.people}. */
  world: World;
  people: UserRow[];
  readonly person: (n: number) => bigint;
  readonly by: (n: number) => { actorId: bigint; origin: typeof ORIGIN };
  /** The operations on a channel. @param channelId the plain id */
  readonly at: (channelId: bigint) => ReturnType<World['domain']['channels']['at']>;
  /** The marked id of a channel. */
  readonly peerOf: (channelId: bigint) => bigint;
  /** A `random_id` that nothing else in the file has. */
  readonly nextRandomId: () => bigint;
  /** @returns the plain id */
  readonly create: (channel: StagedChannel) => Promise<bigint>;
}

/** Sets the stage before the tests of a file, and ends it after them. */
export function stageChannels(names: readonly string[]): ChannelStage {
  let randomId = 1n;
  const stage: ChannelStage = {
    // Nothing asks for them before they are there.
    world: undefined as unknown as World,
    people: [],
    person: (n) => stage.people[n]!.user_id,
    by: (n) => ({ actorId: stage.person(n), origin: ORIGIN }),
    at: (channelId) => stage.world.domain.channels.at(channelId),
    peerOf: (channel_id) => markPeer({ _: 'peerChannel', channel_id }),
    nextRandomId: () => ++randomId,
    async create({ kind, title = `A ${kind}`, members = [] }) {
      const { first } = await stage.world.domain.channels.doCreate({ creatorId: stage.person(0), kind, title, about: '', ttlPeriod: 0, randomId: stage.nextRandomId(), origin: ORIGIN });
      const channelId = -first.owner_id - 10n ** 12n;
      if (members.length > 0) await stage.at(channelId).members.doInvite(stage.by(0), members.map((n) => stage.people[n]!));
      return channelId;
    },
  };
  beforeAll(async () => {
    stage.world = await createWorld();
    stage.people = await signUpPeople(stage.world, names);
  });
  afterAll(() => stage.world[Symbol.asyncDispose]());
  return stage;
}
