import { createHash } from 'node:crypto';
import { allocateUserId } from '@aerogram/cluster';
import { checkChannelSize, type SeedChannelSize } from './seed-channel-plan.ts';

/** Number of messages with each neighbour, if there are enough messages. */
const MESSAGES_PER_DIALOG = 3;
/** One account has this share (a tenth) of all messages in its box, for measuring long histories. */
const BIG_BOX_SHARE = 10;
/** People with whom the account of the big box has chats. */
const BIG_BOX_PEERS = 200;
/** Devices of the account with the big box. */
const BIG_BOX_DEVICES = 16;

const CONTACTS_MAX = 5000;

/** The requested size. */
export interface SeedSize {
  users: number;
  /** Messages of private chats; each is in two boxes. */
  messages: number;
  /** Number of accounts, starting from the first, that have a device with a known key. */
  devices: number;
  /** Channels and supergroups; absent: none. */
  channels?: SeedChannelSize;
}

/**
 * The content of a seeded database, computed arithmetically, so that a load generator knows ids, keys and counts without reading them.
 * Account n writes with n ± 1 … n ± `reach` (in a ring); account 0 also writes with 200 others, half of it with account 1.
 */
export interface SeedPlan extends SeedSize {
  dcId: number;
  /** Maximum distance of a neighbour in the ring. */
  reach: number;
  messagesPerDialog: number;
  /** Messages of the big box other than those with neighbours. */
  bigBox: number;
  bigBoxPeers: number;
  /** Messages of the ring in each box. */
  ringBox: number;
  /** Contacts of account 0: the accounts 1, 2, … */
  contacts: number;
}

/** @throws RangeError when the sizes do not fit together */
export function planSeed(size: SeedSize, dcId = 2): SeedPlan {
  const { messages, devices, channels } = size;
  // The members of the largest channel are accounts, too.
  const users = Math.max(size.users, channels?.members ?? 0);
  if (channels !== undefined) checkChannelSize(channels, devices);
  if (!(users >= 3 && messages >= 0 && devices <= users)) throw new RangeError('a seed needs three users or more, and no more devices than users');
  const bigBox = Math.floor(messages / BIG_BOX_SHARE);
  const perUser = (messages - bigBox) / users;
  const reach = Math.min(Math.max(1, Math.round(perUser / MESSAGES_PER_DIALOG)), Math.floor((users - 1) / 2));
  const messagesPerDialog = Math.round(perUser / reach);
  return {
    ...size,
    users,
    dcId,
    messages: bigBox + users * reach * messagesPerDialog,
    reach,
    messagesPerDialog,
    bigBox,
    bigBoxPeers: Math.min(BIG_BOX_PEERS, users - 1),
    ringBox: 2 * reach * messagesPerDialog,
    contacts: Math.min(CONTACTS_MAX, users - 1),
  };
}

/** Id of account n, counted from 0. */
export function seedUserId(plan: Pick<SeedPlan, 'dcId'>, n: number): bigint {
  return allocateUserId(BigInt(n + 1), plan.dcId);
}

/** Number of devices of account n. */
export function seedDevicesOf(plan: Pick<SeedPlan, 'devices'>, n: number): number {
  if (n >= plan.devices) return 0;
  return n === 0 ? BIG_BOX_DEVICES : 1;
}

/** The authorization key of a device, 256 bytes. Anybody with this source knows it: never seed a server that people use. */
export function seedKey(n: number, device: number): Uint8Array {
  const parts = Array.from({ length: 4 }, (_, part) => createHash('sha512').update(`seed ${n} ${device} ${part}`).digest());
  return Buffer.concat(parts);
}

/** Messages in the box of an account, which is also its pts minus one. */
export function seedBoxSize(plan: SeedPlan, n: number): number {
  const { ringBox, bigBox, bigBoxPeers } = plan;
  if (n === 0) return ringBox + bigBox;
  if (n > bigBoxPeers) return ringBox;
  // Messages with even numbers go to account 1, the others in turn to 2 … bigBoxPeers.
  if (n === 1) return ringBox + Math.ceil(bigBox / 2);
  const shared = Math.floor(bigBox / 2);
  return ringBox + Math.floor((shared - (n - 2) + bigBoxPeers - 2) / (bigBoxPeers - 1));
}
