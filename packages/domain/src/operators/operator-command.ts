/** What stands beside a name; `none`: nothing. */
export const BADGES = ['verified', 'scam', 'fake', 'none'] as const;
export type Badge = (typeof BADGES)[number];

/** Why clients do not show a chat. */
export interface Restriction {
  /** One word, by which apps can tell kinds of restrictions apart. */
  reason: string;
  /** What people read instead. */
  text: string;
}

/** A change of what the operator says of a person, bot, supergroup or channel. */
export interface MarkChange {
  /** undefined: as it is. */
  badge?: Badge | undefined;
  /** undefined: as it is; null: none. */
  restriction?: Restriction | null | undefined;
  /** Whether a person is marked as support; undefined: as it is. */
  support?: boolean | undefined;
}

/** Until when and why an account may write only to those who know it. */
export interface AccountLimit {
  /** In unix seconds; `NO_END`: until the operator lifts it. */
  untilDate: number;
  /** As the user is told; '' for none. */
  reason: string;
}

/** What the running server does for the operator, because devices that are connected have to learn of it. Peers are named by their marked ids. */
export type OperatorCommand =
  | { kind: 'delete'; peerId: bigint }
  /** Gives a group or channel to a member; without one to the next. */
  | { kind: 'give'; peerId: bigint; userId: bigint | undefined }
  | { kind: 'mark'; peerId: bigint; marks: MarkChange }
  /** Limits an account; without a limit, lifts the one that holds. */
  | { kind: 'limit'; peerId: bigint; limit?: AccountLimit | undefined }
  | AccountCommand;

/** What the running server does to an account for the operator. `peerId` is the id of the account. */
export type AccountCommand =
  /** Logs out all devices, or the one with this number. */
  | { kind: 'log-out'; peerId: bigint; device: bigint | undefined }
  | { kind: 'delete-account'; peerId: bigint }
  | { kind: 'remove-password'; peerId: bigint }
  /** `phone`: normalised. */
  | { kind: 'move-phone'; peerId: bigint; phone: string };
