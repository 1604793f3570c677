import type { RawAccount } from '@aerogram/dev-env/load';
import type { tl } from '@aerogram/tl';
import { BotToggle } from './bot-toggles.ts';
import { channelsIn } from './channel-input.ts';
import { type CrashBot, findUser, peerOf } from './crash-bot.ts';

const OPTION = Buffer.from('0');
const THUMB: tl.reactionEmoji = { _: 'reactionEmoji', emoticon: '👍' };

/** Somebody votes in a public poll of a bot, and takes the vote back. */
export async function inPoll(person: RawAccount, bot: CrashBot, randomId: bigint): Promise<BotToggle> {
  const question: tl.textWithEntities = { _: 'textWithEntities', text: 'Here?', entities: [] };
  const answers: tl.PollAnswer[] = ['yes', 'no'].map((text) => ({ _: 'inputPollAnswer', text: { _: 'textWithEntities', text, entities: [] } }));
  const poll: tl.poll = { _: 'poll', id: 0n, public_voters: true, question, answers, hash: 0n };
  const toPerson: tl.InputPeer = { _: 'inputPeerUser', user_id: person.userId, access_hash: 0n };
  await bot.account.call<'messages.sendMedia'>({ _: 'messages.sendMedia', peer: toPerson, media: { _: 'inputMediaPoll', poll }, message: '', random_id: randomId });
  const peer = peerOf(await findUser(person, bot.username));
  const page = { offset_id: 0, offset_date: 0, add_offset: 0, limit: 20, max_id: 0, min_id: 0, hash: 0n };
  const history = await person.call<'messages.getHistory'>({ _: 'messages.getHistory', peer, ...page });
  const found = 'messages' in history ? history.messages.find((message): message is tl.message => message._ === 'message' && message.media?._ === 'messageMediaPoll') : undefined;
  if (found?.media?._ !== 'messageMediaPoll') throw new Error('the poll did not arrive');
  const [msg_id, pollId] = [found.id, found.media.poll.id];
  return new BotToggle({
    name: 'the vote in a poll',
    bots: [bot],
    isOn: false,
    async read() {
      const answer = await person.call<'messages.getPollResults'>({ _: 'messages.getPollResults', peer, msg_id, poll_hash: 0n });
      const [update] = answer._ === 'updates' ? answer.updates : [];
      if (update?._ !== 'updateMessagePoll') throw new Error(`getPollResults answers ${answer._}`);
      return update.results.results?.[0]?.chosen === true;
    },
    async set(isOn) {
      await person.call<'messages.sendVote'>({ _: 'messages.sendVote', peer, msg_id, options: isOn ? [OPTION] : [] });
    },
    told: (update) => (update._ === 'updateMessagePollVote' && update.poll_id === pollId ? update.options.length > 0 : undefined),
  });
}

/** Somebody reacts to a message of a supergroup in which bots are admins, and takes it back. */
export async function inReactions(owner: RawAccount, bots: readonly CrashBot[], randomId: bigint): Promise<BotToggle> {
  const [channel] = channelsIn(await owner.call<'channels.createChannel'>({ _: 'channels.createChannel', megagroup: true, title: 'Reactions', about: '' }));
  for (const bot of bots) {
    const user_id = await findUser(owner, bot.username);
    await owner.call<'channels.editAdmin'>({ _: 'channels.editAdmin', channel: channel!, user_id, admin_rights: { _: 'chatAdminRights', delete_messages: true }, rank: '' });
  }
  const peer: tl.inputPeerChannel = { ...channel!, _: 'inputPeerChannel' };
  const { id: msg_id } = await owner.sendTo(peer, 'look', randomId);
  return new BotToggle({
    name: 'the reaction to a message',
    bots,
    isOn: false,
    async read() {
      const answer = await owner.call<'messages.getMessagesReactions'>({ _: 'messages.getMessagesReactions', peer, id: [msg_id] });
      const [update] = answer._ === 'updates' ? answer.updates : [];
      if (update?._ !== 'updateMessageReactions') throw new Error(`getMessagesReactions answers ${answer._}`);
      return update.reactions.results.some((one) => one.chosen_order !== undefined);
    },
    async set(isOn) {
      await owner.call<'messages.sendReaction'>({ _: 'messages.sendReaction', peer, msg_id, reaction: isOn ? [THUMB] : [] });
    },
    told: (update) => (update._ === 'updateBotMessageReaction' && update.msg_id === msg_id ? update.new_reactions.length > 0 : undefined),
  });
}
