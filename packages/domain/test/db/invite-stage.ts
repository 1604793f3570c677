import type { UserRow } from '../../src/peers/index.ts';
import { createWorld, signUpPeople, type World } from './accounts-world.ts';

export const ORIGIN = { authKeyId: 1n, sessionId: 1n };

/** A world with a number of people, the first of whom creates groups that others join by links. */
export interface InviteStage extends AsyncDisposable {
  world: World;
  people: readonly UserRow[];
  /** The actor of a call. @param n index of one of the people */
  by(n: number): { actorId: bigint; origin: typeof ORIGIN };
  /** A number that was not used before, for random ids and ids of exported links. */
  nextId(): bigint;
  /** Each creates a group whose only member is the first of the people. @returns its marked id */
  createSupergroup(): Promise<bigint>;
  createBasicGroup(): Promise<bigint>;
}

/** Opens a world with this number of people, at most 100. */
export async function createInviteStage(count: number, ...settings: Parameters<typeof createWorld>): Promise<InviteStage> {
  const world = await createWorld(...settings);
  const people = await signUpPeople(world, count);
  let lastId = 5000n;
  const nextId = (): bigint => ++lastId;
  const common = () => ({ creatorId: people[0]!.user_id, title: 'A group', ttlPeriod: 0, randomId: nextId(), origin: ORIGIN });
  return {
    world,
    people,
    by: (n) => ({ actorId: people[n]!.user_id, origin: ORIGIN }),
    nextId,
    createSupergroup: async () => (await world.domain.channels.doCreate({ ...common(), kind: 'megagroup', about: '' })).first.owner_id,
    createBasicGroup: async () => (await world.domain.groups.doCreate({ ...common(), users: [] })).notice!.peer_id,
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}
