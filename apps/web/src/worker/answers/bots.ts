import type { tl } from '@mtcute/core';
import Long from 'long';
import type { BotQuestions, MessageId, PeerId } from '../../protocol/index.ts';
import { isRefusal } from '../refusal.ts';
import type { Account } from '../account.ts';
import { addBot, listChannelRights } from '../add-bot.ts';
import { readResult } from '../models/inline-result.ts';
import { provePassword } from '../prove-password.ts';
import { inputReply } from '../send/input-entities.ts';
import { randomLong } from '../send/random-long.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** Bots that are remembered by their usernames, and usernames that are not those of inline bots. */
const KNOWN_MAX = 200;

/** The server knows no place that is less exact, in metres. */
const ACCURACY_MAX = 1500;

/** Finds bots that have an inline mode by their usernames, which are looked up once. */
function createInlineBots(account: Account): (username: string) => Promise<PeerId | undefined> {
  const known = new Map<string, Promise<PeerId | undefined>>();
  const find = async (username: string): Promise<PeerId | undefined> => {
    const { users } = await account.call({ _: 'contacts.resolveUsername', username });
    const [user] = users;
    return user?._ === 'user' && user.bot === true && user.botInlinePlaceholder !== undefined ? user.id : undefined;
  };
  return (username) => {
    const name = username.toLowerCase();
    const found = known.get(name) ?? find(name).catch((error: unknown) => {
      if (isRefusal(error, 'USERNAME_NOT_OCCUPIED') || isRefusal(error, 'CHAT_ELSEWHERE') || isRefusal(error, 'USERNAME_INVALID')) return undefined;
      known.delete(name);
      throw error;
    });
    if (known.size >= KNOWN_MAX) known.clear();
    known.set(name, found);
    return found;
  };
}

/** Sends what a key of a bot has asked for, as the answer to the message with the key. */
async function sendMedia(account: Account, peer: PeerId, replyTo: MessageId, media: tl.TypeInputMedia): Promise<void> {
  await account.change({ _: 'messages.sendMedia', peer: await account.inputPeer(peer), media, replyTo: await inputReply(account, { replyTo }), message: '', randomId: randomLong() });
}

/** What is done with bots. */
export function answerBots({ account, files, outbox }: AnswerDeps): AnswersTo<BotQuestions> {
  const findInlineBot = createInlineBots(account);
  return {
    'bots.press': async ({ peer, message, data, password }) => {
      const proof = password === undefined ? undefined : await provePassword(account, password);
      const answer = await account.call({ _: 'messages.getBotCallbackAnswer', peer: await account.inputPeer(peer), msgId: message, data, password: proof });
      return { text: answer.message, isAlert: answer.alert === true, url: answer.url };
    },
    'bots.start': async ({ bot, param }) => {
      await account.change({ _: 'messages.startBot', bot: await account.inputUser(bot), peer: await account.inputPeer(bot), startParam: param, randomId: randomLong() });
    },
    'bots.addTo': (say) => addBot(account, say),
    'bots.channelRights': ({ bot }) => listChannelRights(account, bot),
    'bots.findResults': async ({ peer, username, query }, page) => {
      const bot = await findInlineBot(username);
      if (bot === undefined) return undefined;
      const { queryId, results, gallery, switchPm } = await account.call({ _: 'messages.getInlineBotResults', bot: await account.inputUser(bot), peer: await account.inputPeer(peer), query, offset: '' });
      const read = results.map(readResult);
      for (const { locations } of read) files.shown.note(locations);
      page.introduce([bot]);
      return { set: queryId.toString(), bot, results: read.map(({ result }) => result), isGallery: gallery === true, switchPm: switchPm && { text: switchPm.text, param: switchPm.startParam } };
    },
    'bots.sendResult': async ({ peer, set, result, ...reply }) => {
      const place = outbox.draftPlaceOf(peer, reply.thread);
      const replyTo = await inputReply(account, { ...reply, thread: place ? place.topic : reply.thread });
      const inputPeer = await account.inputPeer(peer);
      const send = async (): Promise<void> => {
        await account.change({ _: 'messages.sendInlineBotResult', peer: inputPeer, queryId: Long.fromString(set), id: result, replyTo, randomId: randomLong(), clearDraft: place !== undefined });
        // What asked for the result is a draft no more, also where it was to be stored meanwhile.
        if (place) outbox.drafts.noteText(peer, place.topic);
      };
      if (place) await outbox.drafts.inTurn(peer, send, place.topic);
      else await send();
    },
    'bots.sendPlace': ({ peer, replyTo, latitude, longitude, accuracy }) =>
      sendMedia(account, peer, replyTo, { _: 'inputMediaGeoPoint', geoPoint: { _: 'inputGeoPoint', lat: latitude, long: longitude, accuracyRadius: Math.min(ACCURACY_MAX, Math.ceil(accuracy)) } }),
    'bots.sendPhone': ({ peer, replyTo }) => {
      const { firstName = '', lastName = '', phone = '' } = account.store.peers.get(account.me) ?? {};
      return sendMedia(account, peer, replyTo, { _: 'inputMediaContact', phoneNumber: phone, firstName, lastName, vcard: '' });
    },
    'bots.sharePeers': async ({ bot, message, button, peers }) => {
      const requestedPeers = await Promise.all(peers.map((peer) => account.inputPeer(peer)));
      await account.change({ _: 'messages.sendBotRequestedPeer', peer: await account.inputPeer(bot), msgId: message, buttonId: button, requestedPeers });
    },
  };
}
