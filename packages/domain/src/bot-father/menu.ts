import { settingChange } from '../bot-info/index.ts';
import type { BotRow } from '../bot-rows/index.ts';
import type { Purpose } from './commands.ts';
import { changeDone, type Deed, deletionDone, menuButtonDone, type OwnBot } from './purposes.ts';
import { buttonsOf, type Choice, say } from './reply.ts';
import { type Answer, begin, IDLE, listReply } from './talk.ts';

const DATA = /^bot:(\d{1,13})(?::(\w+))?$/;

/** The buttons that ask what the commands of the same name ask. */
const ASKED: readonly Purpose[] = ['setname', 'setabouttext', 'setdescription', 'setcommands', 'setuserpic', 'setinline'];

/** What was pressed: a bot, and what to do with it; undefined for the list of bots. Pure. */
function readData(data: string): { botId: bigint; action: string } | undefined {
  const [, id, action = 'menu'] = DATA.exec(data) ?? [];
  return id === undefined ? undefined : { botId: BigInt(id), action };
}

/** The answer to a pressed button. It is put in place of the message with the buttons. */
export interface MenuAnswer extends Answer {
  /** It comes as a new message instead. */
  isNew?: boolean;
}

/** Answers a pressed button below a list of bots or below one of them. */
export async function press(turn: Omit<Deed, 'bot'> & { bots: readonly OwnBot[] }, data: string): Promise<MenuAnswer> {
  const { bots, texts, hands } = turn;
  const pressed = readData(data);
  const bot = bots.find(({ bot_id }) => bot_id === pressed?.botId);
  const row = bot && (await hands.findRow(bot.bot_id));
  if (pressed === undefined || bot === undefined || row === undefined) return { reply: listReply(bots, texts), next: IDLE };
  const deed = { ...turn, bot };
  const shown = { ...row, opensCommands: await hands.opensCommands(bot.bot_id) };
  const back: Choice = [texts.buttons.back, `bot:${bot.bot_id}`];
  switch (pressed.action) {
    case 'token':
    case 'revoke': {
      const answer = await begin(deed, pressed.action);
      return { ...answer, reply: { ...answer.reply, markup: buttonsOf([[back]]) } };
    }
    case 'privacy':
      return { ...changeDone(deed, settingChange({ reads_all: !row.reads_all }), menuReply(deed, { ...shown, reads_all: !row.reads_all })), next: IDLE };
    case 'groups':
      return { ...changeDone(deed, settingChange({ joins_groups: !row.joins_groups }), menuReply(deed, { ...shown, joins_groups: !row.joins_groups })), next: IDLE };
    case 'menubutton':
      return { ...menuButtonDone(deed, !shown.opensCommands, menuReply(deed, { ...shown, opensCommands: !shown.opensCommands })), next: IDLE };
    case 'delete':
      return { reply: say(texts.menu(bot.first_name, bot.username ?? ''), buttonsOf([[[texts.buttons.deleteNow, `bot:${bot.bot_id}:gone`]], [[texts.buttons.keep, `bot:${bot.bot_id}`]]])), next: IDLE };
    case 'gone':
      return { ...deletionDone(deed, say(texts.deleted, buttonsOf([[[texts.buttons.backToList, 'bots']]]))), next: IDLE };
    default: {
      const purpose = ASKED.find((one) => one === pressed.action);
      return purpose === undefined ? { reply: menuReply(deed, shown), next: IDLE } : { ...(await begin(deed, purpose)), isNew: true };
    }
  }
}

/** What can be done with a bot. */
function menuReply({ bot, texts }: Pick<Deed, 'bot' | 'texts'>, row: Pick<BotRow, 'reads_all' | 'joins_groups'> & { opensCommands: boolean }): ReturnType<typeof say> {
  const to = (action: string): string => `bot:${bot.bot_id}:${action}`;
  const { buttons } = texts;
  return say(
    texts.menu(bot.first_name, bot.username ?? ''),
    buttonsOf([
      [[buttons.token, to('token')], [buttons.revoke, to('revoke')]],
      [[buttons.name, to('setname')], [buttons.picture, to('setuserpic')]],
      [[buttons.about, to('setabouttext')], [buttons.description, to('setdescription')]],
      [[buttons.commands, to('setcommands')], [buttons.inline, to('setinline')]],
      [[buttons.menuButton(row.opensCommands), to('menubutton')]],
      [[buttons.privacy(!row.reads_all), to('privacy')]],
      [[buttons.groups(row.joins_groups), to('groups')]],
      [[buttons.deletion, to('delete')]],
      [[buttons.backToList, 'bots']],
    ]),
  );
}
