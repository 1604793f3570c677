import type { FoundMessages, PeerId, SearchQuestions } from '../../protocol/index.ts';
import { publicMessage } from '../models/message.ts';
import { peersOfMessage } from '../views/history-view.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** People and chats that the search box remembers. */
const RECENTS_MAX = 12;

const peersOf = ({ messages }: FoundMessages): PeerId[] => messages.flatMap(({ peer, snippet }) => [peer, snippet.from]);

/** What is found in the search box, and in a chat. */
export function answerSearch({ account, search }: AnswerDeps): AnswersTo<SearchQuestions> {
  return {
    'search.everywhere': async ({ query }, page) => {
      const found = await search.everywhere(query);
      page.introduce([...found.own, ...found.others, ...peersOf(found)]);
      return found;
    },
    'search.moreMessages': async ({ query, next }, page) => {
      const found = await search.findMessages(query, next);
      page.introduce(peersOf(found));
      return found;
    },
    'search.kind': async ({ kind, query }, page) => {
      const found = await search.ofKind(kind, query);
      page.introduce([...found.own, ...found.others]);
      return found;
    },
    'search.tag': async (say, page) => {
      const found = await search.tagged(say);
      page.introduce(peersOf(found));
      return found;
    },
    'search.inChat': async (say, page) => {
      const { rows, total, hasMore } = await search.inChat(say);
      const messages = rows.map(publicMessage);
      page.introduce(messages.flatMap((message) => [...peersOfMessage(message)]));
      return { messages, total, hasMore };
    },
    'search.noteRecent': ({ peer }) => {
      account.store.setFact('recents', [peer, ...account.store.facts.recents.filter((each) => each !== peer)].slice(0, RECENTS_MAX));
    },
    'search.forgetRecents': () => account.store.setFact('recents', []),
  };
}
