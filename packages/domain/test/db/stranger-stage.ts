import { unmarkPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import type { BoxPeer } from '../../src/access/index.ts';
import type { MessageRow } from '../../src/events/index.ts';
import type { UserRow } from '../../src/peers/index.ts';
import { createWorld, type World } from './accounts-world.ts';

export const ORIGIN = { authKeyId: 1n, sessionId: 1n };
export const DAY_MS = 86_400_000;

/** Opens a world in which test numbers are ordinary, with what people do there to strangers in groups and channels, which are named by marked ids. */
export async function createStrangerStage(...[settings]: Parameters<typeof createWorld>) {
  const world: World = await createWorld({ testLimits: true, ...settings });
  let people = 0;
  let randomId = 0n;

  async function arrive(): Promise<UserRow> {
    people++;
    const { userId } = await world.signUp(`99966${people % 10}${String(people).padStart(4, '0')}`, `Person ${people}`);
    return (await world.domain.users.findRow(userId))!;
  }

  async function arriveAll(count: number): Promise<UserRow[]> {
    const rows: UserRow[] = [];
    while (rows.length < count) rows.push(await arrive());
    return rows;
  }

  const by = ({ user_id: actorId }: UserRow) => ({ actorId, origin: ORIGIN });
  const missingOf = ({ missing }: { missing: readonly tl.missingInvitee[] }): bigint[] => missing.map((one) => one.user_id);

  /** Makes a basic group. @returns its marked id and who was not added */
  async function createGroup(creator: UserRow, users: readonly UserRow[]): Promise<{ peerId: bigint; missing: bigint[] }> {
    const invitation = await world.domain.groups.doCreate({ creatorId: creator.user_id, title: 'Offers', users, ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
    return { peerId: invitation.notice!.peer_id, missing: missingOf(invitation) };
  }

  async function createChannel(creator: UserRow, kind: 'megagroup' | 'broadcast' = 'megagroup'): Promise<bigint> {
    const { first } = await world.domain.channels.doCreate({ creatorId: creator.user_id, kind, title: 'Offers', about: '', ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
    return first.owner_id;
  }

  const chatIdOf = (peerId: bigint): bigint => (unmarkPeer(peerId) as tl.peerChat).chat_id;
  const doorOf = (peerId: bigint) => world.domain.channels.at((unmarkPeer(peerId) as tl.peerChannel).channel_id);
  const invite = async (adder: UserRow, peerId: bigint, users: readonly UserRow[]): Promise<bigint[]> => missingOf(await doorOf(peerId).members.doInvite(by(adder), users));

  /** Posts in a group or channel, as many messages as asked for. */
  async function post(author: UserRow, peerId: bigint, count = 1, mentioned?: UserRow): Promise<void> {
    for (let n = 0; n < count; n++) {
      const extra = mentioned === undefined ? {} : { entities: [{ _: 'messageEntityMentionName' as const, offset: 0, length: 2, user_id: mentioned.user_id }] };
      const parts = [{ randomId: ++randomId, text: 'Buy this', flags: 0, extra, previewsLinks: false }];
      if (unmarkPeer(peerId)._ === 'peerChannel') {
        await doorOf(peerId).posts.doSend({ ...by(author), parts, reply: undefined, signature: '' });
        continue;
      }
      const peer = (await world.domain.peers.accessInputPeer(author.user_id, { _: 'inputPeerChat', chat_id: chatIdOf(peerId) })) as BoxPeer;
      await world.domain.messages.doSendOutgoing(peer, { senderId: author.user_id, parts, origin: undefined });
    }
  }

  const write = async (from: UserRow, to: UserRow): Promise<void> => {
    const peer = { kind: 'user' as const, userId: to.user_id, peerId: to.user_id, isSelf: false, row: to };
    const text = { text: 'hi', entities: [] };
    await world.domain.messages.doSendText(peer, { senderId: from.user_id, text, randomId: ++randomId, silent: false, noforwards: false, noWebpage: false, invertMedia: false, origin: undefined });
  };

  const barOf = ({ user_id }: UserRow, peerId: bigint): Promise<tl.peerSettings> => world.domain.acceptance.findSettings(user_id, peerId);
  const isAccepted = async (owner: UserRow, peerId: bigint): Promise<boolean> => (await barOf(owner, peerId)).report_spam !== true;
  const boxOf = ({ user_id }: UserRow, peerId: bigint): Promise<MessageRow[]> =>
    world.db.q.selectFrom('messages').selectAll().where('owner_id', '=', user_id).where('peer_id', '=', peerId).orderBy('msg_id').execute();

  /** How a chat stands in somebody's list: in which folder, and until when it is muted. */
  async function standOf({ user_id }: UserRow, peerId: bigint): Promise<{ folder: number; muted: number | undefined }> {
    const [dialog] = await world.domain.dialogs.find(user_id, [peerId]);
    const settings = await world.domain.notifications.findPeerSettings(user_id, [peerId]);
    return { folder: dialog!.folder_id, muted: settings.get(peerId)!.mute_until };
  }

  const isMember = async ({ user_id }: UserRow, peerId: bigint): Promise<boolean> => (await world.domain.chats.findMember(peerId, user_id))?.status === 'member';
  const block = async (owner: UserRow, blocked: UserRow): Promise<void> => {
    await world.domain.blocks.doBlock(owner.user_id, blocked.user_id, { storiesOnly: false, blocked: true }, undefined);
    await world.runJobs();
  };

  return { world, nextId: () => ++randomId, arrive, arriveAll, by, missingOf, createGroup, createChannel, chatIdOf, doorOf, invite, post, write, barOf, isAccepted, boxOf, standOf, isMember, block };
}
