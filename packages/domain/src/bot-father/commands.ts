/** What people do with a bot that they have. */
const BOT_COMMANDS = [
  'setname',
  'setabouttext',
  'setdescription',
  'setuserpic',
  'setcommands',
  'setmenubutton',
  'setinline',
  'setinlinegeo',
  'setinlinefeedback',
  'setjoingroups',
  'setprivacy',
  'deletebot',
] as const;

/** What people do with its token. */
const TOKEN_COMMANDS = ['token', 'revoke'] as const;

/** The commands of BotFather in the order in which people see them, in groups with or without a heading. */
export const COMMAND_GROUPS = [
  { heading: undefined, commands: ['newbot', 'mybots'] },
  { heading: 'bot', commands: BOT_COMMANDS },
  { heading: 'token', commands: TOKEN_COMMANDS },
  { heading: undefined, commands: ['cancel'] },
] as const;

/** The commands that need to know for which bot they are. */
export type Purpose = (typeof BOT_COMMANDS)[number] | (typeof TOKEN_COMMANDS)[number];

/** A command that people see in the menu and in the help. */
export type FatherCommand = (typeof COMMAND_GROUPS)[number]['commands'][number];

/** A heading above a group of commands. */
export type CommandHeading = NonNullable<(typeof COMMAND_GROUPS)[number]['heading']>;
