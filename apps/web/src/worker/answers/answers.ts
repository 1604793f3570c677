import type { LogInQuestions, PeerId, Questions } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import type { Calls } from '../calls/calls.ts';
import type { CallPlace } from '../calls/one-call.ts';
import type { FileLoader } from '../files/file-loader.ts';
import type { ChatLoader } from '../load-chats.ts';
import type { HistoryLoader } from '../load-history.ts';
import type { ThreadLoader } from '../load-threads.ts';
import type { Search } from '../search.ts';
import type { MessageChanges } from '../send/message-changes.ts';
import type { Outbox } from '../send/outbox.ts';
import type { View } from '../views/view.ts';

/** The page that asked. */
export interface AskingPage extends CallPlace {
  /** What it keeps open, by number. */
  readonly views: ReadonlyMap<number, View>;
  /** Tells it about peers that an answer will name. */
  introduce(peers: Iterable<PeerId>): void;
  /** Tells it how many bytes of a file have come. */
  tellProgress(file: string, loaded: number, total: number): void;
}

/** How each question of a group is answered. A refusal is thrown. */
export type AnswersTo<Group extends { [Name in keyof Group]: { say: unknown; get: unknown } }> = {
  [Name in keyof Group]: (say: Group[Name]['say'], page: AskingPage) => Group[Name]['get'] | Promise<Group[Name]['get']>;
};
/** Log-in is answered apart, because nothing else is loaded then. */
export type Answers = AnswersTo<Omit<Questions, keyof LogInQuestions>>;

/** What answers may use. */
export interface AnswerDeps {
  account: Account;
  calls: Calls;
  changes: MessageChanges;
  chats: ChatLoader;
  history: HistoryLoader;
  outbox: Outbox;
  files: FileLoader;
  search: Search;
  threads: ThreadLoader;
}
