import type { CommandHeading, FatherCommand } from './commands.ts';

/** What BotFather says. Functions get names as people wrote them; the texts themselves have no markup. */
export interface Texts {
  /** Above the list of all commands. */
  intro: string;
  headings: Record<CommandHeading, string>;
  /** What each command does, in the help and in the menu, where no heading stands above it. */
  commands: Record<FatherCommand, string>;
  unknown: string;
  cancelled: string;
  nothingToCancel: string;
  /** Instead of a text something else was sent. */
  needText: string;
  askNewName: string;
  askUsername: string;
  nameInvalid: string;
  usernameInvalid: string;
  usernameNotBot: string;
  usernameTaken: string;
  tooMany: (most: number) => string;
  /** Before the token of a new bot. */
  made: (link: string) => string;
  /** After a token. */
  keepSecret: string;
  noBots: string;
  choose: string;
  noSuchBot: string;
  /** Above the list of bots. */
  list: string;
  /** Above what can be done with one bot. */
  menu: (name: string, username: string) => string;
  token: (name: string) => string;
  revoked: (name: string) => string;
  askDelete: (name: string, username: string) => string;
  /** What somebody must write to have a bot deleted. */
  deleteWords: string;
  deleteWordsWrong: string;
  deleted: string;
  askName: string;
  askAbout: string;
  aboutTooLong: string;
  askDescription: string;
  descriptionTooLong: string;
  askCommands: string;
  commandsInvalid: string;
  /** Of how many percent of the results that people send the bot is told. */
  askFeedback: string;
  feedbackInvalid: string;
  askPlaceholder: string;
  /** `/empty` turns inline mode off. */
  placeholderInvalid: string;
  askPicture: string;
  noPicture: string;
  pictureInvalid: string;
  /** The owner has sent more pictures than the server works on. */
  pictureLater: string;
  askMenuButton: (opensCommands: boolean) => string;
  /** Keys that answer the question before. */
  menuCommands: string;
  menuDefault: string;
  /** A link was sent, which official clients open as a mini app. */
  noMiniApps: string;
  askPrivacy: (isOn: boolean) => string;
  askGroups: (isOn: boolean) => string;
  askInlineGeo: (isOn: boolean) => string;
  /** Keys that answer the three questions before. */
  enable: string;
  disable: string;
  useKeys: string;
  done: string;
  buttons: {
    token: string;
    revoke: string;
    name: string;
    about: string;
    description: string;
    commands: string;
    picture: string;
    inline: string;
    menuButton: (opensCommands: boolean) => string;
    privacy: (isOn: boolean) => string;
    groups: (isOn: boolean) => string;
    deletion: string;
    deleteNow: string;
    keep: string;
    back: string;
    backToList: string;
  };
}
