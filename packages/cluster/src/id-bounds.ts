/**
 * Ranges of ids that clients accept, both ends included. packages/schema/id-bounds.json contains the same ranges, and a test compares them.
 */
export const ID_BOUNDS = {
  user: { min: 1n, max: (1n << 40n) - 1n },
  chat: { min: 1n, max: 10n ** 12n - 1n },
  channel: { min: 1n, max: 10n ** 12n - (1n << 31n) - 1n },
  monoforum: { min: 10n ** 12n + (1n << 31n) + 1n, max: 3n * 10n ** 12n },
  scheduled_message: { min: 1n, max: 262_143n },
} as const;

/** Accounts whose ids are built into every client: created at first start, present in every DC, never allocated to people. */
export const SERVICE_USER_IDS: ReadonlySet<bigint> = new Set([
  777_000n,
  1_271_266_957n,
  489_000n,
  1_087_968_824n,
  136_817_688n,
  5_434_988_373n,
  93_372_553n,
]);

export type IdKind = 'user' | 'chat' | 'channel';

/** Whether a client would accept the id. */
export function isIdInBounds(kind: keyof typeof ID_BOUNDS, id: bigint): boolean {
  return id >= ID_BOUNDS[kind].min && id <= ID_BOUNDS[kind].max;
}
