import type { BotQuestions } from './bots.ts';
import type { CallQuestions } from './calls.ts';
import type { ChatQuestions } from './chats.ts';
import type { ChecklistQuestions } from './checklists.ts';
import type { EmojiQuestions } from './emoji.ts';
import type { FileQuestions } from './files.ts';
import type { FolderQuestions } from './folders.ts';
import type { GroupQuestions } from './groups.ts';
import type { HistoryQuestions } from './history.ts';
import type { InviteQuestions } from './invites.ts';
import type { LogInQuestions } from './log-in.ts';
import type { ManageQuestions } from './manage.ts';
import type { MediaQuestions } from './media.ts';
import type { MessageQuestions } from './messages.ts';
import type { PeerQuestions } from './peers.ts';
import type { PersonQuestions } from './people.ts';
import type { PollQuestions } from './polls.ts';
import type { PrivacyQuestions } from './privacy.ts';
import type { ReactionQuestions } from './reactions.ts';
import type { SearchQuestions } from './search.ts';
import type { SettingsQuestions } from './settings.ts';
import type { StickerQuestions } from './stickers.ts';
import type { TopicQuestions } from './topics.ts';

export type {
  BotQuestions,
  CallQuestions,
  ChatQuestions,
  ChecklistQuestions,
  EmojiQuestions,
  FileQuestions,
  FolderQuestions,
  GroupQuestions,
  HistoryQuestions,
  InviteQuestions,
  LogInQuestions,
  ManageQuestions,
  MediaQuestions,
  MessageQuestions,
  PeerQuestions,
  PersonQuestions,
  PollQuestions,
  PrivacyQuestions,
  ReactionQuestions,
  SearchQuestions,
  SettingsQuestions,
  StickerQuestions,
  TopicQuestions,
};
export type { InlineResult, InlineResults, ResultPicture } from './bots.ts';
export type { CallPage } from './calls.ts';
export type { DiscussionGroups, Entrant, EntrantPage, Invitation, Joined, LinkTarget, OfferedFolder } from './groups.ts';
export type { CodeWay, CompanyEntry, LogInLink, LogInStep } from './log-in.ts';
export type { FileLimits, FilePart } from './files.ts';
export type { FolderContents, FolderExclusion, FolderKind, OwnFolder } from './folders.ts';
export type { UnseenKind } from './history.ts';
export type { MediaFilter, MediaPage } from './media.ts';
export type { MessageContext, OutgoingMessage, ReportOption, ReportStep } from './messages.ts';
export type { PollLimits } from './polls.ts';
export type { ConnectedSite } from './privacy.ts';
export type { MessagePage } from './search.ts';
export type { SetRef } from './stickers.ts';
export type { Device, MutedKinds, PasswordState } from './settings.ts';

/** Everything that a page may ask, with what it says and what it gets. */
export interface Questions
  extends LogInQuestions,
    ChatQuestions,
    ChecklistQuestions,
    HistoryQuestions,
    MessageQuestions,
    PeerQuestions,
    PersonQuestions,
    PollQuestions,
    PrivacyQuestions,
    ReactionQuestions,
    GroupQuestions,
    InviteQuestions,
    ManageQuestions,
    SearchQuestions,
    SettingsQuestions,
    StickerQuestions,
    EmojiQuestions,
    FileQuestions,
    FolderQuestions,
    MediaQuestions,
    BotQuestions,
    CallQuestions,
    TopicQuestions {}

export type QuestionName = keyof Questions;
export type Said<Name extends QuestionName> = Questions[Name]['say'];
export type Got<Name extends QuestionName> = Questions[Name]['get'];

/** Why the worker could not do what it was asked. */
export interface Refusal {
  /** The name of the error, such as `PHONE_NUMBER_INVALID`; `OFFLINE` or `INTERNAL` if there is none. */
  code: string;
  /** Seconds after which it may be tried again. */
  seconds?: number;
}
