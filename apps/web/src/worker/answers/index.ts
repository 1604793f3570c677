// Binds the questions of pages, except log-in, to what answers them: a file a subject.
import type { AnswerDeps, Answers } from './answers.ts';
import { answerBots } from './bots.ts';
import { answerCalls } from './calls.ts';
import { answerChats } from './chats.ts';
import { answerChecklists } from './checklists.ts';
import { answerDiscussions } from './discussions.ts';
import { answerSendAs } from './send-as.ts';
import { answerEmoji } from './emoji.ts';
import { answerFiles } from './files.ts';
import { answerFolders } from './folders.ts';
import { answerGroups } from './groups.ts';
import { answerHistory } from './history.ts';
import { answerInvites } from './invites.ts';
import { answerLinks } from './links.ts';
import { answerManage } from './manage.ts';
import { answerMedia } from './media.ts';
import { answerMessages } from './messages.ts';
import { answerPeers } from './peers.ts';
import { answerPeople } from './people.ts';
import { answerPins } from './pins.ts';
import { answerPolls } from './polls.ts';
import { answerPrivacy } from './privacy.ts';
import { answerReactions } from './reactions.ts';
import { answerSearch } from './search.ts';
import { answerSettings } from './settings.ts';
import { answerStickers } from './stickers.ts';
import { answerTopics } from './topics.ts';

export type { Answers, AskingPage } from './answers.ts';

/** Makes the answers to all questions. */
export function createAnswers(deps: AnswerDeps): Answers {
  return {
    ...answerBots(deps),
    ...answerCalls(deps),
    ...answerChats(deps),
    ...answerChecklists(deps),
    ...answerDiscussions(deps),
    ...answerSendAs(deps),
    ...answerEmoji(deps),
    ...answerFiles(deps),
    ...answerFolders(deps),
    ...answerGroups(deps),
    ...answerHistory(deps),
    ...answerInvites(deps),
    ...answerLinks(deps),
    ...answerManage(deps),
    ...answerMedia(deps),
    ...answerMessages(deps),
    ...answerPeers(deps),
    ...answerPeople(deps),
    ...answerPins(deps),
    ...answerPolls(deps),
    ...answerPrivacy(deps),
    ...answerReactions(deps),
    ...answerSearch(deps),
    ...answerSettings(deps),
    ...answerStickers(deps),
    ...answerTopics(deps),
  };
}
