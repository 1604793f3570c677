import { ID_BOUNDS, type IdKind, SERVICE_USER_IDS } from './id-bounds.ts';

/** Bits at the end of an id that name the home DC of the peer; 0, 6 and 7 are not used. */
const DC_BITS = 3n;
/** The bits of an id that name the home DC. */
const DC_MASK = (1n << DC_BITS) - 1n;
/** The highest number of a DC. */
const MAX_DC = 5;

/** Replaces the last bits of a number by those of a DC. */
export function withDcBits(bits: bigint, dc: number): bigint {
  if (!Number.isInteger(dc) || dc < 1 || dc > MAX_DC) throw new RangeError(`there is no DC ${dc}`);
  return (bits & ~DC_MASK) | BigInt(dc);
}

/** Sequence numbers that would give the ids of service accounts, by DC, ascending. */
const RESERVED_SEQUENCES = new Map<number, bigint[]>();
for (const id of [...SERVICE_USER_IDS].sort((a, b) => (a < b ? -1 : 1))) {
  const dc = Number(id & DC_MASK);
  RESERVED_SEQUENCES.set(dc, [...(RESERVED_SEQUENCES.get(dc) ?? []), id >> DC_BITS]);
}

function compose(kind: IdKind, sequence: bigint, dc: number): bigint {
  const id = withDcBits(sequence << DC_BITS, dc);
  if (sequence < 1n || id > ID_BOUNDS[kind].max) throw new RangeError(`${kind} ids of DC ${dc} are used up`);
  return id;
}

/**
 * The user id for a sequence number. Ids of service accounts are skipped, so no two numbers give the same id. Real accounts get a {@link
 * randomUserId}, so that nobody can list them by counting.
 * @param sequence 1, 2, 3, …
 * @throws RangeError beyond what clients accept
 */
export function allocateUserId(sequence: bigint, dc: number): bigint {
  let shifted = sequence;
  for (const reserved of RESERVED_SEQUENCES.get(dc) ?? []) if (shifted >= reserved) shifted += 1n;
  return compose('user', shifted, dc);
}

/** Lower sequence numbers belong to generated accounts (`aerogram dev seed`) and to accounts from the time of sequential ids. */
const FIRST_RANDOM = 1n << 24n;
/** The highest sequence number that gives an id in range in every DC, with the service accounts skipped. */
const LAST_RANDOM = (ID_BOUNDS.user.max >> DC_BITS) - BigInt(SERVICE_USER_IDS.size);

/**
 * A user id that cannot be guessed from others. Two calls may return the same id, though hardly ever, so the caller must check that it is
 * free.
 * @param random 63 random bits
 */
export function randomUserId(random: bigint, dc: number): bigint {
  return allocateUserId(FIRST_RANDOM + (random % (LAST_RANDOM - FIRST_RANDOM + 1n)), dc);
}

/** The id of the DC's n-th basic group; see `allocateUserId`. */
export const allocateChatId = (sequence: bigint, dc: number): bigint => compose('chat', sequence, dc);

/**
 * Sequence numbers before those of channels, so that their ids begin at 10^9, as on the official service. A marked channel id is -10^12 minus
 * the id. GramJS and others put the text `-100` before the id instead, which is the same number only for an id of ten digits.
 */
const CHANNELS_BEFORE = 10n ** 9n >> DC_BITS;

/** The id of the DC's n-th channel or supergroup; see `allocateUserId`. */
export function allocateChannelId(sequence: bigint, dc: number): bigint {
  if (sequence < 1n) throw new RangeError('sequences begin at 1');
  return compose('channel', CHANNELS_BEFORE + sequence, dc);
}

/** Whether the id of a basic group or channel, as in TL, is a channel's: their ids begin where no basic group's come to. */
export const isChannelId = (id: bigint): boolean => id >> DC_BITS >= CHANNELS_BEFORE;

/**
 * The home DC of a user, basic group, channel, document, photo, wallpaper or web page.
 * @param id as in TL, not marked
 * @returns 1 … 5; undefined for service accounts, which exist in every DC, and for ids that no DC allocates
 */
export function homeDcOf(id: bigint): number | undefined {
  if (SERVICE_USER_IDS.has(id)) return undefined;
  const dc = Number(id & DC_MASK);
  return id > DC_MASK && dc >= 1 && dc <= MAX_DC ? dc : undefined;
}
