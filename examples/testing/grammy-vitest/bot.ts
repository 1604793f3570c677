// A coffee bar: people put drinks into an order by buttons, and share the menu in other chats by inline mode.
// run: BOT_TOKEN=... node --import tsx bot.ts   (API_ROOT names another server than Telegram's)
import { autoRetry } from '@grammyjs/auto-retry';
import { Bot, type Context, InlineKeyboard, InlineQueryResultBuilder } from 'grammy';

const MENU = [
  { id: 'espresso', name: 'Espresso', price: 2 },
  { id: 'cappuccino', name: 'Cappuccino', price: 3 },
  { id: 'tea', name: 'Tea', price: 2 },
];

const keyboard = (): InlineKeyboard => {
  const buttons = new InlineKeyboard();
  for (const { id, name, price } of MENU) buttons.text(`${name}, ${price} €`, `add:${id}`).row();
  return buttons.text('Pay', 'pay');
};

/** Makes the bot; `start()` begins to poll. */
export function createBot(token: string, apiRoot = 'https://api.telegram.org'): Bot {
  const bot = new Bot(token, { client: { apiRoot } });
  // Waits and tries again when the server says 429.
  bot.api.config.use(autoRetry());
  /** What each chat has ordered. */
  const orders = new Map<number, (typeof MENU)[number][]>();
  const orderOf = (ctx: Context) => orders.get(ctx.chat!.id) ?? [];
  const total = (ctx: Context) => orderOf(ctx).reduce((sum, { price }) => sum + price, 0);

  bot.command('start', (ctx) => ctx.reply(`Hello, ${ctx.from?.first_name}! Send /menu to order.`));
  bot.command('menu', (ctx) => ctx.reply('What would you like?', { reply_markup: keyboard() }));

  bot.callbackQuery(/^add:(.+)$/, async (ctx) => {
    const drink = MENU.find(({ id }) => id === ctx.match[1]);
    if (drink === undefined) return void (await ctx.answerCallbackQuery('We do not have that any more'));
    orders.set(ctx.chat!.id, [...orderOf(ctx), drink]);
    await ctx.editMessageText(`Your order: ${orderOf(ctx).map(({ name }) => name).join(', ')}. ${total(ctx)} €`, { reply_markup: keyboard() });
    await ctx.answerCallbackQuery(`Added: ${drink.name}`);
  });

  bot.callbackQuery('pay', async (ctx) => {
    if (orderOf(ctx).length === 0) return void (await ctx.answerCallbackQuery({ text: 'Your order is empty', show_alert: true }));
    await ctx.editMessageText(`Thank you! You paid ${total(ctx)} €.`);
    orders.delete(ctx.chat!.id);
    await ctx.answerCallbackQuery();
  });

  bot.on('inline_query', (ctx) => {
    const found = MENU.filter(({ name }) => name.toLowerCase().includes(ctx.inlineQuery.query.toLowerCase()));
    return ctx.answerInlineQuery(found.map(({ id, name, price }) => InlineQueryResultBuilder.article(id, name).text(`${name} for ${price} €, anyone?`)));
  });
  return bot;
}

if (process.argv[1] === import.meta.filename) await createBot(process.env['BOT_TOKEN'] ?? '', process.env['API_ROOT']).start();
