import { RpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { ThreadPart } from '../channel-state/index.ts';
import type { ReactedPost } from './post-reaction-store.ts';
import type { ToldPost } from './tell-bots-of-reactions.ts';

/** A message of a group or channel as one viewer has it. */
export interface SeenPost {
  post: ReactedPost;
  /** The viewer's id of it. */
  msgId: number;
  /** The message that started its thread; null: none. */
  topId: number | null;
  /** Nobody learns who reacts to the posts of broadcast channels. */
  isBroadcast: boolean;
  isService: boolean;
  /** The viewer wrote it, so that reactions are unread until the viewer has seen them. */
  isAuthor: boolean;
  /** In a basic group: what was given before reactions were rows. It counts as long as the message has no totals. */
  earlier?: readonly tl.messagePeerReaction[] | undefined;
}

/** What somebody wants their reactions to a message to be. */
export interface ReactionWish {
  actorId: bigint;
  /** Keys of reactions that the server has, without duplicates; none takes the reactions back. */
  emoticons: readonly string[];
  big: boolean;
  /** In a channel, see `ChangeScope.readId`. */
  readId: bigint | undefined;
}

/** A wish that may be fulfilled. */
export interface AdmittedWish {
  wish: ReactionWish;
  seen: SeenPost;
  /** The group or channel that is shown instead of the actor, by marked id; null: none. */
  asId: bigint | null;
}

/** Which wishes about a message may be fulfilled, and how. */
export interface Admission {
  /** For each wish, in the same order; or why it is refused. */
  checked: readonly (AdmittedWish | RpcError)[];
  /** Maximum number of different reactions that the admins allow; null: nobody has set it. */
  limit: number | null;
  /** The message, for the bots that are told; undefined: none are. */
  told: ToldPost | undefined;
  /** Begins the totals of the message, unless they are there or the message was deleted. */
  begin(): Promise<void>;
}

/** What differs between the messages of channels and those of basic groups, for the reactions to them. */
export interface ReactionScene {
  /** Marked. */
  readonly peerId: bigint;
  /** What names a message, by the actor's id. @throws RpcError 400 MESSAGE_ID_INVALID */
  accessPostId(actorId: bigint, msgId: number): Promise<bigint>;
  /** See {@link ReactionWish.readId}. */
  findReadId(actorId: bigint): Promise<bigint | undefined>;
  /** Checks wishes of different people about one message, with rows that are read in this transaction. @param date in unix seconds */
  admit(tx: Tx, postId: bigint, wishes: readonly ReactionWish[], date: number): Promise<Admission>;
  /** Finds messages that the viewer may see now; others are left out. @throws RpcError if the viewer may read nothing there */
  access(viewerId: bigint, msgIds: readonly number[]): Promise<SeenPost[]>;
  /** Finds messages that the viewer is known to see. */
  find(viewerId: bigint, msgIds: readonly number[]): Promise<SeenPost[]>;
  /** Lists the user's messages with reactions to see, newest first. */
  listUnseen(userId: bigint, part: ThreadPart | undefined, limit: number): Promise<number[]>;
  /** Lists those of the messages that are the user's and have reactions to see. */
  listUnseenAmong(userId: bigint, msgIds: readonly number[]): Promise<number[]>;
  countUnseen(userId: bigint, part: ThreadPart | undefined): Promise<number>;
  /** Makes rows of what was given to messages of the user's box before reactions were rows. */
  carryOver(tx: Tx, userId: bigint, postIds: readonly bigint[]): Promise<void>;
  /** Checks that an admin may take back the reactions of others. @throws RpcError 400 PEER_ID_INVALID, CHANNEL_INVALID, CHANNEL_PRIVATE, 403 MESSAGE_DELETE_FORBIDDEN */
  checkTakingBack(tx: Tx, actorId: bigint, date: number): Promise<void>;
}

/** Runs a check. @returns what it returns, or the RpcError with which it refuses */
export async function refusalOr<T>(run: () => T | Promise<T>): Promise<T | RpcError> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof RpcError) return error;
    throw error;
  }
}
