import { homeDcOf } from './ids.ts';

/** Another data centre could not be asked: it is away, the link to it is cut, or it gave no answer in time. It may have done what was asked. */
export class HomeAway extends Error {
  override readonly name = 'HomeAway';

  readonly dc: number;

  constructor(dc: number) {
    super(`data centre ${dc} cannot be reached`);
    this.dc = dc;
  }
}

/** The next frame of another data centre is of a kind that this program does not know: its stream stands still until a newer program runs here. */
export class UnknownKind extends Error {
  override readonly name = 'UnknownKind';

  readonly kind: string;

  constructor(kind: string) {
    super(`frames of the kind ${kind} are not known`);
    this.kind = kind;
  }
}

/** Answers a question of another data centre. What it throws is told to that one as a failure, without a word. @param from the DC that asks, as its certificate says */
export type HomeAnswerer = (body: Uint8Array, from: number) => Promise<Uint8Array>;

/** Takes a hint of another data centre, such as that somebody is typing. @param from the DC that sent it, as its certificate says */
export type HomeListener = (body: Uint8Array, from: number) => void;

/** The other data centres of the community, as this one sees them. What must not be lost goes through the streams (`Boxes.tell`), not through here. */
export interface OtherHomes {
  /** The DC of this server. */
  readonly own: number;
  /** The DCs of the other members of the community, ascending. */
  readonly others: readonly number[];
  /** The DC that decides who has a name: that of `aerogram dc init`. */
  readonly ofNames: number;
  /**
   * Where a peer lives.
   * @param peerId marked
   * @returns the DC if it is another one of the community; undefined for all that is here, service accounts included
   */
  dcOf(peerId: bigint): number | undefined;
  /** Whether so many frames wait for a DC that no more may be added; then a send to it is refused. */
  isFull(dc: number): boolean;
  /** Whether so much waits for a DC that what can be told later has to wait: a small part of what {@link OtherHomes.isFull} allows. */
  isBehind(dc: number): boolean;
  /** Tells the link, after the commit, that frames wait for a DC. */
  framesWritten(dc: number): void;
  /**
   * Asks another DC. Never waits longer than some seconds.
   * @throws HomeAway
   */
  ask(dc: number, name: string, body: Uint8Array): Promise<Uint8Array>;
  /** Sets who answers the questions of one name. One for each name. */
  onAsk(name: string, answer: HomeAnswerer): void;
  /** Sends a hint, which may be lost. */
  hint(dc: number, name: string, body: Uint8Array): void;
  /** Sets who takes the hints of one name. */
  onHint(name: string, listener: HomeListener): void;
}

/**
 * The DC of a peer by the bits of its id. Pure.
 * @param peerId marked. Groups and channels are at home where they are used
 * @param others the other DCs of the community
 * @returns one of `others`, or undefined
 */
export function dcOfPeer(peerId: bigint, others: readonly number[]): number | undefined {
  const dc = peerId > 0n ? homeDcOf(peerId) : undefined;
  return dc !== undefined && others.includes(dc) ? dc : undefined;
}

/**
 * The DC of somebody who lives at another data centre that can be reached: nobody is sent to one that was removed. Pure.
 * @param homes undefined if the server is alone
 */
export function memberDcOf(homes: Pick<OtherHomes, 'others'> | undefined, peerId: bigint): number | undefined {
  return homes && dcOfPeer(peerId, homes.others);
}
