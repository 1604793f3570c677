import { saveLastBot } from '../chats/index.ts';
import { meantForIn, MessageFlag, type PostRow } from '../events/index.ts';
import { addressedBots, listGroupBots, mayAddress, type OutgoingPart } from '../messages/index.ts';
import type { ChannelChange } from '../channel-state/index.ts';

/** What is stored of a message of a supergroup so that bots in privacy mode see what is meant for them. */
export interface BotMarks {
  meantFor: bigint[];
  /** Bits for the flags of the message. */
  flags: number;
}

const NO_MARKS: BotMarks = { meantFor: [], flags: 0 };

/**
 * The bots of a supergroup for which a new message is meant. Most messages can be meant for none, and then nothing is read. Notes that a bot has written.
 * @param repliedTo the message that it replies to
 */
export async function findMeantFor(channel: ChannelChange, authorId: bigint, { text, extra }: Pick<OutgoingPart, 'text' | 'extra'>, repliedTo: PostRow | undefined): Promise<BotMarks> {
  const { tx, row, view } = channel;
  if (row.kind === 'broadcast' || row.bots === 0) return NO_MARKS;
  if ((channel.memberOf(authorId)?.all_from ?? null) !== null) {
    if (view.last_bot_id !== authorId) await saveLastBot(tx, row.channel_id, authorId);
    return { meantFor: [], flags: MessageFlag.byBot };
  }
  const { entities = [], viaBotId } = extra;
  if (!mayAddress({ entities, viaBotId }, repliedTo !== undefined)) return NO_MARKS;
  const bots = (await listGroupBots(tx, 'channel', [row.channel_id])).get(row.channel_id)!;
  const target = repliedTo && { authorId: repliedTo.poster_id, meantFor: meantForIn(repliedTo.extra) };
  const meantFor = addressedBots({ authorId, text, entities, viaBotId, isForward: extra.fwdFrom !== undefined }, target, { bots, lastBotId: view.last_bot_id });
  return { meantFor, flags: 0 };
}
