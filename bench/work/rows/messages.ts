import { systemRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import type { Caller } from '../stage.ts';
import type { WorkRow } from '../work-row.ts';

/** Number of texts made so far. It makes each text of forty characters different. */
let texts = 0;
const nextText = (): string => `words of an ordinary message ${texts++}`.padEnd(40, '.');

const words = (text: string): tl.textWithEntities => ({ _: 'textWithEntities', text, entities: [] });

/** Sends a text. @returns its id */
export async function sendText({ account }: Pick<Caller, 'account'>, peer: tl.InputPeer): Promise<number> {
  return (await account.sendTo(peer, nextText(), systemRandom.int63())).id;
}

const toFriend = ({ account, friend }: Caller): tl.InputPeer => account.inputPeer(friend);

/** The message in the answer to a send. */
export function sentMessage(answer: tl.Updates): tl.message {
  for (const update of 'updates' in answer ? answer.updates : []) {
    if ((update._ === 'updateNewMessage' || update._ === 'updateNewChannelMessage') && update.message._ === 'message') return update.message;
  }
  throw new Error(`a send is answered by ${answer._} without a message`);
}

/** Sending texts, and acting on messages. */
export const MESSAGE_ROWS: readonly WorkRow[] = [
  { name: 'text to a person', memory: 'both', prepare: (caller) => ({ call: () => sendText(caller, toFriend(caller)) }) },
  { name: 'text into a group of 20', memory: 'alone', isAlone: true, prepare: (caller) => ({ call: () => sendText(caller, caller.group) }) },
  { name: 'text into a supergroup', memory: 'alone', prepare: (caller) => ({ call: () => sendText(caller, caller.supergroup) }) },
  { name: 'post in a channel', prepare: (caller) => ({ call: () => sendText(caller, caller.channel) }) },
  {
    name: 'edit in a private chat',
    async prepare(caller) {
      const id = await sendText(caller, toFriend(caller));
      return { call: () => caller.account.call<'messages.editMessage'>({ _: 'messages.editMessage', peer: toFriend(caller), id, message: nextText() }) };
    },
  },
  {
    name: 'forward of one to a person',
    isAlone: true,
    async prepare(caller) {
      const id = [await sendText(caller, toFriend(caller))];
      return {
        call: () => caller.account.call<'messages.forwardMessages'>({ _: 'messages.forwardMessages', from_peer: toFriend(caller), to_peer: toFriend(caller), id, random_id: [systemRandom.int63()] }),
      };
    },
  },
  {
    name: 'reaction in a private chat',
    memory: 'alone',
    async prepare(caller) {
      const msg_id = await sendText(caller, toFriend(caller));
      let times = 0;
      return {
        call: () => caller.account.call<'messages.sendReaction'>({ _: 'messages.sendReaction', peer: toFriend(caller), msg_id, reaction: [{ _: 'reactionEmoji', emoticon: times++ % 2 === 0 ? '👍' : '👎' }] }),
      };
    },
  },
  {
    name: 'vote in a supergroup',
    isAlone: true,
    async prepare({ account, supergroup: peer }) {
      const answers = ['yes', 'no'].map((text): tl.PollAnswer => ({ _: 'inputPollAnswer', text: words(text) }));
      const poll = { _: 'poll', id: 0n, question: words('Which?'), answers, hash: 0n } as const;
      const { id: msg_id, media } = sentMessage(await account.call<'messages.sendMedia'>({ _: 'messages.sendMedia', peer, media: { _: 'inputMediaPoll', poll }, message: '', random_id: systemRandom.int63() }));
      if (media?._ !== 'messageMediaPoll') throw new Error('the poll is not there');
      const options = media.poll.answers.map((answer) => (answer as tl.pollAnswer).option);
      let times = 0;
      return { call: () => account.call<'messages.sendVote'>({ _: 'messages.sendVote', peer, msg_id, options: [options[times++ % 2]!] }) };
    },
  },
  {
    name: 'read in a private chat',
    prepare: (caller) => ({
      before: () => sendText({ account: caller.friend }, caller.friend.inputPeer(caller.account)),
      call: () => caller.account.call<'messages.readHistory'>({ _: 'messages.readHistory', peer: toFriend(caller), max_id: 0 }),
    }),
  },
  {
    name: 'delete in a private chat, for both',
    prepare(caller) {
      let id: number[] = [];
      return {
        before: async () => (id = [await sendText(caller, toFriend(caller))]),
        call: () => caller.account.call<'messages.deleteMessages'>({ _: 'messages.deleteMessages', revoke: true, id }),
      };
    },
  },
  {
    name: 'typing in a private chat',
    prepare: (caller) => ({ call: () => caller.account.call<'messages.setTyping'>({ _: 'messages.setTyping', peer: toFriend(caller), action: { _: 'sendMessageTypingAction' } }) }),
  },
  { name: 'draft', prepare: (caller) => ({ call: () => caller.account.call<'messages.saveDraft'>({ _: 'messages.saveDraft', peer: toFriend(caller), message: nextText() }) }) },
];
