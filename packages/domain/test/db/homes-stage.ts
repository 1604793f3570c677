import type { ResolvedUser } from '../../src/access/resolved-peer.ts';
import type { MessageRow } from '../../src/events/message-row.ts';
import type { TextMessage } from '../../src/messages/messages.ts';
import type { World, WorldOptions } from './accounts-world.ts';
import { createTwoHomes, type TwoHomes } from './two-homes-world.ts';

/** Two homes with people: Anna and Zoe at home 1, Ben and Cleo at home 2. */
export interface HomesStage extends TwoHomes {
  anna: bigint;
  zoe: bigint;
  ben: bigint;
  cleo: bigint;
  /** The home of a person. */
  homeOf(userId: bigint): World;
  /** A peer as the access functions would resolve it. */
  peer(viewerId: bigint, userId: bigint): Promise<ResolvedUser>;
  /** Sends a text message; options override its defaults. */
  send(from: bigint, to: bigint, text: string, options?: Partial<TextMessage>): Promise<MessageRow>;
  /** Makes two people of different homes known to each other. */
  meet(a: bigint, b: bigint): Promise<void>;
  /** The dialog with a person in a box, by id. */
  dialog(owner: bigint, peerId: bigint): Promise<MessageRow[]>;
}

/** Creates the stage. Anna and Ben know each other. */
export async function openHomes(options: WorldOptions = {}): Promise<HomesStage> {
  const homes = await createTwoHomes(options);
  const { one, two } = homes;
  const anna = (await one.signUp('9996611101', 'Anna')).userId;
  const zoe = (await one.signUp('9996611102', 'Zoe')).userId;
  const ben = (await two.signUp('9996621101', 'Ben')).userId;
  const cleo = (await two.signUp('9996621102', 'Cleo')).userId;
  // Tests that repeat a send choose lower ones.
  let lastRandomId = 100_000n;
  const homeOf = (userId: bigint): World => ((userId & 7n) === 1n ? one : two);
  const stage: HomesStage = {
    ...homes,
    anna,
    zoe,
    ben,
    cleo,
    homeOf,
    async peer(viewerId, userId) {
      const row = (await homeOf(viewerId).domain.users.findRow(userId))!;
      return { kind: 'user', userId, peerId: userId, isSelf: viewerId === userId, row };
    },
    async send(from, to, text, options = {}) {
      const message = { senderId: from, randomId: ++lastRandomId, text: { text, entities: [] }, silent: false, noforwards: false, noWebpage: false, invertMedia: false, origin: undefined, ...options };
      return homeOf(from).domain.messages.doSendText(await stage.peer(from, to), message);
    },
    async meet(a, b) {
      await homeOf(a).domain.cards.introduce(a, b);
      await homeOf(b).domain.cards.introduce(b, a);
      await homes.carry();
    },
    dialog: (owner, peerId) => homeOf(owner).db.q.selectFrom('messages').selectAll().where('owner_id', '=', owner).where('peer_id', '=', peerId).orderBy('msg_id').execute(),
    [Symbol.asyncDispose]: () => homes[Symbol.asyncDispose](),
  };
  await stage.meet(anna, ben);
  return stage;
}
