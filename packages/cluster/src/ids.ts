import { ID_BOUNDS, type IdKind, SERVICE_USER_IDS } from './id-bounds.ts';

/** Ids end in three bits that name the DC where the peer lives; 0, 6 and 7 are nobody's. */
const DC_BITS = 3n;
const DC_MASK = (1n << DC_BITS) - 1n;
const MAX_DC = 5;

/** Sequence numbers whose user ids belong to service accounts, by DC, ascending. */
const RESERVED_SEQUENCES = new Map<number, bigint[]>();
for (const id of [...SERVICE_USER_IDS].sort((a, b) => (a < b ? -1 : 1))) {
  const dc = Number(id & DC_MASK);
  RESERVED_SEQUENCES.set(dc, [...(RESERVED_SEQUENCES.get(dc) ?? []), id >> DC_BITS]);
}

function compose(kind: IdKind, sequence: bigint, dc: number): bigint {
  if (!Number.isInteger(dc) || dc < 1 || dc > MAX_DC) throw new RangeError(`there is no DC ${dc}`);
  const id = (sequence << DC_BITS) | BigInt(dc);
  if (sequence < 1n || id > ID_BOUNDS[kind].max) throw new RangeError(`${kind} ids of DC ${dc} are used up`);
  return id;
}

/**
 * The user id with this number; service accounts' ids are stepped over, so no two numbers give the same id. People get
 * {@link randomUserId}, so that accounts cannot be listed by counting.
 * @param sequence 1, 2, 3, …
 * @throws RangeError beyond what clients accept
 */
export function allocateUserId(sequence: bigint, dc: number): bigint {
  let shifted = sequence;
  for (const reserved of RESERVED_SEQUENCES.get(dc) ?? []) if (shifted >= reserved) shifted += 1n;
  return compose('user', shifted, dc);
}

/** Sequence numbers below this belong to made-up accounts (`aerogram dev seed`) and to accounts that were numbered one after another. */
const FIRST_RANDOM = 1n << 24n;
/** The highest sequence number that gives an id within the bounds in every DC, with the service accounts stepped over. */
const LAST_RANDOM = (ID_BOUNDS.user.max >> DC_BITS) - BigInt(SERVICE_USER_IDS.size);

/**
 * A user id that nobody can guess from others. Two calls may give the same id, though hardly ever: who takes it has to find out
 * whether it is free.
 * @param random 63 random bits
 */
export function randomUserId(random: bigint, dc: number): bigint {
  return allocateUserId(FIRST_RANDOM + (random % (LAST_RANDOM - FIRST_RANDOM + 1n)), dc);
}

/** The id of the DC's n-th basic group; see `allocateUserId`. */
export const allocateChatId = (sequence: bigint, dc: number): bigint => compose('chat', sequence, dc);

/** The id of the DC's n-th channel or supergroup; see `allocateUserId`. */
export const allocateChannelId = (sequence: bigint, dc: number): bigint => compose('channel', sequence, dc);

/**
 * The DC where a user, basic group or channel lives.
 * @param id as TL has it, not marked
 * @returns 1 … 5; undefined for service accounts, which live in every DC, and for ids that no DC gave out
 */
export function homeDcOf(id: bigint): number | undefined {
  if (SERVICE_USER_IDS.has(id)) return undefined;
  const dc = Number(id & DC_MASK);
  return id > DC_MASK && dc >= 1 && dc <= MAX_DC ? dc : undefined;
}
