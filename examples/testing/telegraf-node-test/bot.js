// A doorkeeper of groups: greets who comes, removes links, and bans after three warnings.
// run: BOT_TOKEN=... node bot.js   (API_ROOT names another server than Telegram's)
import { Telegraf } from 'telegraf';
import { message } from 'telegraf/filters';

const WARNINGS_MAX = 3;

/** Makes the bot; `launch()` begins to poll. */
export function createBot(token, apiRoot = 'https://api.telegram.org') {
  const bot = new Telegraf(token, { telegram: { apiRoot } });
  /** `chat:user` → number of warnings. */
  const warnings = new Map();
  const isAdmin = async (ctx, user) => ['creator', 'administrator'].includes((await ctx.getChatMember(user)).status);

  async function warn(ctx, { id, first_name: name }) {
    const key = `${ctx.chat.id}:${id}`;
    const count = (warnings.get(key) ?? 0) + 1;
    warnings.set(key, count);
    if (count < WARNINGS_MAX) return ctx.reply(`${name}, this is warning ${count} of ${WARNINGS_MAX}.`);
    await ctx.banChatMember(id);
    warnings.delete(key);
    return ctx.reply(`${name} is banned.`);
  }

  bot.on(message('new_chat_members'), async (ctx) => {
    const people = ctx.message.new_chat_members.filter((user) => !user.is_bot);
    if (people.length > 0) await ctx.reply(`Welcome, ${people.map((user) => user.first_name).join(' and ')}! No links, please.`);
  });

  bot.command('warn', async (ctx) => {
    const warned = ctx.message.reply_to_message?.from;
    if (!(await isAdmin(ctx, ctx.from.id))) return ctx.reply('Only admins may warn.');
    if (warned === undefined) return ctx.reply('Reply to a message with /warn.');
    return warn(ctx, warned);
  });

  bot.on(message('text'), async (ctx) => {
    const hasLink = ctx.message.entities?.some(({ type }) => type === 'url' || type === 'text_link');
    if (!hasLink || (await isAdmin(ctx, ctx.from.id))) return;
    await ctx.deleteMessage();
    await warn(ctx, ctx.from);
  });
  return bot;
}

if (process.argv[1] === import.meta.filename) await createBot(process.env.BOT_TOKEN, process.env.API_ROOT).launch();
