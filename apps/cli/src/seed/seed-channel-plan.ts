import { allocateChannelId } from '@aerogram/cluster';

/** Members of the small public channel. */
const FEW = 10;
/** Members of the smaller public supergroup. */
const ROOM = 1000;
/** Members of the larger public supergroup. */
const CROWD = 200_000;
/** Maximum number of channels of one account. */
const FOLLOWED_MAX = 500;
/** Accounts 1 and 2 are in the first {@link FOLLOWED_MAX} private channels, and have read all but these messages of each: account 1 ten, account 2 all. */
const UNREAD = 10;
/** The first account whose private channels follow the general rule. */
const FIRST_ORDINARY = 3;

/** The requested size of the channels. */
export interface SeedChannelSize {
  /** Members of the largest channel; 0: only the `count` channels below are made. */
  members: number;
  /** Private channels of which each account with a device is in `each`. Must be a multiple of `each`. */
  count: number;
  each: number;
  /** Messages in each channel. */
  posts: number;
}

/** What the channels of a seeded database are computed from. */
interface ChannelPlan {
  channels?: SeedChannelSize;
  dcId: number;
  devices: number;
}

/** A channel of a seeded database. */
export interface SeedChannel {
  /** Plain id. */
  id: bigint;
  kind: 'broadcast' | 'megagroup';
  title: string;
  /** Undefined for private channels. */
  username: string | undefined;
  /** The number of the account that created the channel and wrote all of its messages. */
  creator: number;
}

/** Accounts that are members of a channel: `first`, `first` + `step`, …, `count` in all, which have read the messages up to `readMaxId`. */
export interface SeedMembers {
  first: number;
  step: number;
  count: number;
  readMaxId: number;
}

/** @throws RangeError when the sizes do not fit together */
export function checkChannelSize({ members, count, each, posts }: SeedChannelSize, devices: number): void {
  if (members !== 0 && members < FEW) throw new RangeError(`the largest channel of a seed has ${FEW} members or more`);
  if (count === 0) return;
  if (count % each !== 0 || each > FOLLOWED_MAX) throw new RangeError(`the number of private channels is a multiple of those that each account is in, at most ${FOLLOWED_MAX}`);
  if (devices < FIRST_ORDINARY + count / each) throw new RangeError('each private channel of a seed needs an account with a device');
  if (posts < 1) throw new RangeError('the first message of a channel says that it was created');
}

const PUBLIC = [
  { kind: 'broadcast', title: 'Audience', most: Infinity },
  { kind: 'broadcast', title: 'Few', most: FEW },
  { kind: 'megagroup', title: 'Crowd', most: CROWD },
  { kind: 'megagroup', title: 'Room', most: ROOM },
] as const;

/** All channels: four public ones if there is to be a largest one (`channel_audience`, `channel_few`, `channel_crowd`, `channel_room`), then the private ones. */
export function seedChannels({ channels, dcId }: Pick<ChannelPlan, 'channels' | 'dcId'>): SeedChannel[] {
  if (channels === undefined) return [];
  const open = channels.members === 0 ? [] : PUBLIC.map(({ kind, title }) => ({ kind, title, username: `channel_${title.toLowerCase()}`, creator: 0 }));
  const closed = Array.from({ length: channels.count }, (_, at) => ({
    kind: at % 2 === 0 ? ('broadcast' as const) : ('megagroup' as const),
    title: `Channel ${at}`,
    username: undefined,
    creator: firstOf(channels, at),
  }));
  return [...open, ...closed].map((channel, at) => ({ ...channel, id: allocateChannelId(BigInt(at + 1), dcId) }));
}

/** The members of the channel at a place in {@link seedChannels}. */
export function seedMembersOf({ channels, devices }: Pick<ChannelPlan, 'channels' | 'devices'>, at: number): SeedMembers[] {
  if (channels === undefined) return [];
  const { members, count, each, posts } = channels;
  const open = members === 0 ? 0 : PUBLIC.length;
  if (at < open) return [{ first: 0, step: 1, count: Math.min(members, PUBLIC[at]!.most), readMaxId: posts }];
  const [first, step] = [firstOf(channels, at - open), count / each];
  const ordinary = { first, step, count: Math.ceil((devices - first) / step), readMaxId: posts };
  if (at - open >= FOLLOWED_MAX) return [ordinary];
  return [ordinary, { first: 1, step: 1, count: 1, readMaxId: Math.max(0, posts - UNREAD) }, { first: 2, step: 1, count: 1, readMaxId: 0 }];
}

/** The first account that is in a private channel by the general rule: account n is in every channel whose number leaves the same remainder. */
function firstOf({ count, each }: SeedChannelSize, at: number): number {
  const step = count / each;
  return FIRST_ORDINARY + ((((at - FIRST_ORDINARY) % step) + step) % step);
}
