import type { Texts } from './texts.ts';

export const english: Texts = {
  help: `With me you make bots and look after them. Send me one of these commands:

/newbot – make a bot
/mybots – your bots

Edit a bot
/setname – change its name
/setabouttext – the text on its page
/setdescription – what an empty chat with it says
/setuserpic – its picture
/setcommands – its commands
/setmenubutton – what the button beside the text field opens
/setinline – turn inline mode on or off
/setinlinegeo – ask for the place with inline queries
/setinlinefeedback – tell it which results were sent
/setjoingroups – may it be added to groups?
/setprivacy – what it reads in groups
/deletebot – delete a bot

Its token
/token – show it
/revoke – replace it

/cancel – stop what you are doing`,
  unknown: 'I do not know this command. /help lists all of them.',
  cancelled: 'This was stopped. What else may I do for you? /help lists all commands.',
  nothingToCancel: 'There is nothing to stop. /help lists all commands.',
  needText: 'Please send me a text, or /cancel.',
  askNewName: 'A new bot, then. What shall it be called? People see this name in their chats.',
  askUsername: 'Now choose a username for it. It must end in “bot”, like TetrisBot or tetris_bot.',
  nameInvalid: 'A name has 1 to 64 characters. Please send me another one.',
  usernameInvalid: 'A username has 5 to 32 Latin letters, digits and single underscores, and begins with a letter. Please send me another one.',
  usernameNotBot: 'The username of a bot must end in “bot”. Please send me another one.',
  usernameTaken: 'This username is taken. Please send me another one.',
  tooMany: (most) => `You have ${most} bots, and more are not possible. Delete one first: /deletebot`,
  made: (link) => `Done. You find your new bot at ${link}. This is its token, with which your program logs in:`,
  keepSecret: 'Keep it secret: whoever has the token controls the bot.',
  noBots: 'You have no bots yet. /newbot makes one.',
  choose: 'Which bot?',
  noSuchBot: 'You have no such bot. Choose one below, or /cancel.',
  list: 'Choose one of your bots:',
  menu: (name, username) => `${name} (@${username}). What do you want to do?`,
  token: (name) => `The token of ${name}:`,
  revoked: (name) => `The token of ${name} was replaced, and its programs were logged out. The new one:`,
  askDelete: (name, username) => `${name} (@${username}) will be gone for good, with all its messages. To delete it, send me exactly this: Yes, delete it.`,
  deleteWords: 'Yes, delete it.',
  deleteWordsWrong: 'Nothing was deleted. Send the words exactly, or /cancel.',
  deleted: 'The bot was deleted.',
  askName: 'What shall it be called from now on?',
  askAbout: 'What shall its page say about it? At most 120 characters; /empty deletes the text.',
  aboutTooLong: 'This text has more than 120 characters. Please send me a shorter one, or /empty.',
  askDescription: 'What shall people read before they start it? At most 512 characters; /empty deletes the text.',
  descriptionTooLong: 'This text has more than 512 characters. Please send me a shorter one, or /empty.',
  askCommands: 'Send me its commands, one a line, like this; /empty deletes them:\n\nstart - begin anew\nsettings - change what I do',
  commandsInvalid: 'I did not understand this. One command a line: its name in lower-case letters, digits and underscores, a dash, and what it does.',
  askFeedback: 'Of how many percent of the results that people send shall it be told? 0 to 100.',
  feedbackInvalid: 'Please send me a number from 0 to 100.',
  askPlaceholder: 'What shall the text field say while somebody writes an inline query? This turns inline mode on; /empty turns it off.',
  placeholderInvalid: 'This text has 1 to 64 characters. Please send me another one, or /empty.',
  askPicture: 'Send me a photo, and it becomes the picture of the bot; /empty deletes all its pictures.',
  noPicture: 'This is no photo. Please send me one as a photo and not as a file, or /empty to have no picture, or /cancel.',
  pictureInvalid: 'I cannot use this photo: it may be too small or damaged. Please send me another one, or /cancel.',
  askMenuButton: (opensCommands) => `At present the button beside the text field ${opensCommands ? 'opens the commands of the bot' : 'is what apps show by default'}. What shall it be?`,
  menuCommands: 'Open commands',
  menuDefault: 'Default',
  noMiniApps: 'A link would open a mini app, and this server has none. The button can open the commands, or be what apps show by default. Please use the two keys below, or /cancel.',
  askPrivacy: (isOn) => `Privacy mode is ${isOn ? 'on: in groups the bot reads only what is meant for it' : 'off: the bot reads everything in its groups'}. A change holds for groups that it joins afterwards.`,
  askGroups: (isOn) => `At present the bot ${isOn ? 'can' : 'cannot'} be added to groups.`,
  askInlineGeo: (isOn) => `At present apps ${isOn ? 'offer' : 'do not offer'} to send the place of a person with inline queries.`,
  enable: 'Enable',
  disable: 'Disable',
  useKeys: 'Please use the two keys below, or /cancel.',
  done: 'Done. /help lists what else I can do.',
  buttons: {
    token: 'Show token',
    revoke: 'Replace token',
    name: 'Change name',
    about: 'Text on its page',
    description: 'Description',
    commands: 'Commands',
    picture: 'Picture',
    inline: 'Inline mode',
    menuButton: (opensCommands) => `Menu button: ${opensCommands ? 'opens commands' : 'default'}`,
    privacy: (isOn) => `Privacy mode: ${isOn ? 'on' : 'off'}`,
    groups: (isOn) => `Groups: ${isOn ? 'allowed' : 'not allowed'}`,
    deletion: 'Delete bot',
    deleteNow: 'Yes, delete it',
    keep: 'No, keep it',
    back: '« Back',
    backToList: '« All bots',
  },
};
