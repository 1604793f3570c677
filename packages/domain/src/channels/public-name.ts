import { rpcError } from '@aerogram/errors';
import { defineStatement, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { ChannelFlag, checkRight, findChannelMembers, findChannelRows, standingIn } from '../chats/index.ts';
import { isLimitedAt, mayCreate } from '../moderation/index.ts';
import type { Names } from '../names/index.ts';
import { checkUsername, findUserRows } from '../peers/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { isReservedUsername, reserveName } from '../users/index.ts';
import type { Acting, ChannelChange } from '../channel-state/index.ts';

/** How many public channels and groups one user may have, as the app config tells clients. */
export const PUBLIC_CHANNELS_MAX = 10;

const readPublic = defineStatement<{ channel_id: bigint }>(
  'read_public_channels',
  'SELECT channel_id FROM channels WHERE creator_id = $1 AND username IS NOT NULL ORDER BY channel_id DESC LIMIT $2',
);

/** Lists the public channels and groups that a user owns, newest first. @returns plain ids */
export async function listPublicChannels(reads: Pick<Tx, 'run'>, creatorId: bigint): Promise<bigint[]> {
  const { rows } = await reads.run(readPublic, [creatorId, 1000]);
  return rows.map((row) => row.channel_id);
}

/** Checks that a user may have one more public channel: where the operator lets somebody have none, or limits them, the limit is reached. @throws RpcError 400 CHANNELS_ADMIN_PUBLIC_TOO_MUCH */
export async function checkPublicCount(reads: Pick<Tx, 'run'>, creatorId: bigint, nowDate: number): Promise<void> {
  const creator = (await findUserRows(reads, [creatorId])).get(creatorId);
  const isAllowed = !isLimitedAt(creator, nowDate) && (await mayCreate(reads, creatorId, 'public-names'));
  if (!isAllowed || (await listPublicChannels(reads, creatorId)).length >= PUBLIC_CHANNELS_MAX) throw rpcError('CHANNELS_ADMIN_PUBLIC_TOO_MUCH');
}

/**
 * Reserves a username for a channel, if the actor may set it. The transaction that sets it checks that again.
 * @throws RpcError 400 USERNAME_INVALID, USERNAME_OCCUPIED, CHANNEL_PRIVATE, CHAT_ADMIN_REQUIRED, 500 (the data centre that decides about usernames is away)
 */
export async function reservePublicName(
  { db, clock, homes }: Pick<DomainDeps, 'db' | 'homes'> & { clock: Pick<DomainDeps['clock'], 'now'> },
  { channelId, peerId }: { channelId: bigint; peerId: bigint },
  { actorId }: Acting,
  username: string,
): Promise<void> {
  checkUsername(username);
  const [[row], [member]] = await Promise.all([findChannelRows(db, [channelId]), findChannelMembers(db, [{ id: channelId, userId: actorId }])]);
  if (row === undefined) throw rpcError('CHANNEL_INVALID');
  checkRight(standingIn(row, member, clock.now()), 'set_username');
  if (row.username === username) throw rpcError('USERNAME_NOT_MODIFIED');
  if (row.username?.toLowerCase() !== username.toLowerCase() && isReservedUsername(username)) throw rpcError('USERNAME_OCCUPIED');
  await reserveName({ db, homes }, peerId, username, clock.now());
}

/**
 * Gives a channel the reserved username and frees its old one. Everybody may read a channel with a username, so nothing of its history stays hidden.
 * @param username as the owner wrote it; '' makes the channel private
 * @throws RpcError 400 CHAT_ADMIN_REQUIRED, USERNAME_NOT_MODIFIED, CHANNELS_ADMIN_PUBLIC_TOO_MUCH, USERNAME_OCCUPIED
 */
export async function setPublicName(channel: ChannelChange, names: Names, { actorId }: Acting, username: string): Promise<tl.Update[]> {
  channel.check('set_username');
  const { row } = channel;
  if ((row.username ?? '') === username) throw rpcError('USERNAME_NOT_MODIFIED');
  // The actor's own box is open, so the same owner cannot make two channels public at the same time.
  if (row.username === null) await checkPublicCount(channel.tx, actorId, channel.date);
  // What only public groups, or only private ones, can have ends with the change. Everybody may join a public channel. In a discussion group, people who are
  // not in it can comment, so it keeps the setting that only members may write.
  const noName = row.linked_chat_id === null ? ChannelFlag.joinToSend : 0;
  const ends = username === '' ? noName : ChannelFlag.hiddenPrehistory | (row.kind === 'broadcast' ? ChannelFlag.joinRequest : 0);
  channel.set({ username: username === '' ? null : username, flags: row.flags & ~ends });
  await names.changeUsername({ tx: channel.tx, told: channel.boxes }, channel.peerId, { name: username === '' ? undefined : username.toLowerCase(), old: row.username?.toLowerCase() });
  return [channel.changed()];
}

/** Checks a request to show or hide a username. The one that a channel has cannot be hidden. @throws RpcError 400 USERNAME_INVALID, USERNAME_NOT_MODIFIED */
export function checkNameToggle(channel: ChannelChange, username: string, active: boolean): never {
  channel.check('set_username');
  if (channel.row.username?.toLowerCase() !== username.toLowerCase() || !active) throw rpcError('USERNAME_INVALID');
  throw rpcError('USERNAME_NOT_MODIFIED');
}

/** Checks an order of the usernames; a channel has at most one. @throws RpcError 400 ORDER_INVALID, CHAT_ADMIN_REQUIRED */
export function checkNameOrder(channel: ChannelChange, order: readonly string[]): void {
  channel.check('set_username');
  const { username } = channel.row;
  const active = username === null ? [] : [username.toLowerCase()];
  if (order.length !== active.length || order.some((name, at) => name.toLowerCase() !== active[at])) throw rpcError('ORDER_INVALID');
}
