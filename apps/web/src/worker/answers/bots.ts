import type { tl } from '@mtcute/core';
import type { BotQuestions } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { inputReply } from '../send/input-entities.ts';
import { randomLong } from '../send/random-long.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** Proves the password of the account, which itself never leaves this browser. */
async function provePassword(account: Account, password: string): Promise<tl.TypeInputCheckPasswordSRP> {
  return await account.client.computeSrpParams(await account.call({ _: 'account.getPassword' }), password);
}

/** What is done with bots. */
export function answerBots({ account }: AnswerDeps): AnswersTo<BotQuestions> {
  return {
    'bots.press': async ({ peer, message, data, password }) => {
      const proof = password === undefined ? undefined : await provePassword(account, password);
      const answer = await account.call({ _: 'messages.getBotCallbackAnswer', peer: await account.inputPeer(peer), msgId: message, data, password: proof });
      return { text: answer.message, isAlert: answer.alert === true, url: answer.url };
    },
    'bots.start': async ({ bot, param }) => {
      await account.change({ _: 'messages.startBot', bot: await account.inputUser(bot), peer: await account.inputPeer(bot), startParam: param, randomId: randomLong() });
    },
    'bots.sendPhone': async ({ peer, replyTo }) => {
      const { firstName = '', lastName = '', phone = '' } = account.store.peers.get(account.me) ?? {};
      await account.change({
        _: 'messages.sendMedia',
        peer: await account.inputPeer(peer),
        media: { _: 'inputMediaContact', phoneNumber: phone, firstName, lastName, vcard: '' },
        replyTo: await inputReply(account, { replyTo }),
        message: '',
        randomId: randomLong(),
      });
    },
  };
}
