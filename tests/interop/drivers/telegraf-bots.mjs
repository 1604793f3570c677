// Telegraf: a bot over HTTP, written as its guide does it, behind one JSON request a line on stdin.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { Markup, Telegraf, Telegram, TelegramError } from 'telegraf'
import { message } from 'telegraf/filters'
import { serveLines } from './line-driver.mjs'

/** Token → client of this driver, because each update gets an API object of its own. */
const clients = new Map()
const { callApi } = Telegram.prototype
Telegram.prototype.callApi = async function (method, payload, options) {
  const emit = clients.get(this.token).emit
  const isInAnswer = this.response?.writableEnded === false
  try {
    const result = await callApi.call(this, method, payload, options)
    // What went as the answer to a webhook has no result.
    if (!isInAnswer) emit({ kind: 'result', method, result })
    return result
  } catch (error) {
    if (error instanceof TelegramError) emit({ kind: 'refusal', method, ...describeError(error) })
    throw error
  }
}

// Reactions come only if they are named.
const UPDATES = ['message', 'callback_query', 'inline_query', 'my_chat_member', 'poll', 'poll_answer', 'message_reaction']

class TelegrafBot {
  constructor(_name, emit) {
    this.emit = emit
  }

  async open({ root, token, photos, sticker }) {
    clients.set(token, this)
    this.bot = new Telegraf(token, { telegram: { apiRoot: root } })
    this.listen(photos.map((photo) => Buffer.from(photo, 'base64')), Buffer.from(sticker, 'base64'))
    this.bot.botInfo = await this.bot.telegram.getMe()
    return { id: this.bot.botInfo.id, username: this.bot.botInfo.username }
  }

  listen(photos, sticker) {
    const { bot } = this
    bot.use((ctx, next) => {
      if (this.server) this.emit({ kind: 'update', update: ctx.update })
      return next()
    })
    bot.start((ctx) => ctx.reply(`hello ${ctx.from.first_name}${ctx.payload && `, ${ctx.payload}`}`))
    bot.command('tea', (ctx) => ctx.reply('tea or coffee?', Markup.inlineKeyboard(['tea', 'coffee'].map((label) => [Markup.button.callback(label, label)]))))
    bot.action(/.*/, async (ctx) => {
      await ctx.answerCbQuery(`one ${ctx.match[0]}`, { show_alert: true })
      await ctx.editMessageText(`<b>${ctx.match[0]}</b> is coming`, { parse_mode: 'HTML' })
    })
    bot.command('album', (ctx) => ctx.replyWithMediaGroup(photos.map((source, at) => ({ type: 'photo', media: { source, filename: `${at}.jpg` }, caption: `photo ${at}` }))))
    bot.command('pack', async (ctx) => {
      const { telegram } = ctx
      const [owner, name] = [ctx.from.id, `pack_by_${this.bot.botInfo.username}`]
      // The library attaches no files to lists of stickers.
      const kept = async () => (await telegram.uploadStickerFile(owner, { source: sticker, filename: 'a.png' }, 'static')).file_id
      await telegram.createNewStickerSet(owner, name, 'Sea', { stickers: [{ sticker: await kept(), format: 'static', emoji_list: ['🐙'] }], sticker_format: 'static' })
      await telegram.addStickerToSet(owner, name, { sticker: { sticker: await kept(), format: 'static', emoji_list: ['🦑'] } })
      const { stickers } = await telegram.getStickerSet(name)
      await ctx.sendSticker(stickers[1].file_id)
      await ctx.reply(`pack of ${stickers.map(({ emoji }) => emoji)}`)
    })
    bot.on(message('document'), async (ctx) => {
      const { file_id, file_name } = ctx.message.document
      const bytes = Buffer.from(await (await fetch(await ctx.telegram.getFileLink(file_id))).arrayBuffer())
      await ctx.reply(`${file_name}: ${createHash('sha256').update(bytes).digest('hex')}`)
    })
    bot.on('inline_query', (ctx) => {
      const { query } = ctx.inlineQuery
      return ctx.answerInlineQuery([{ type: 'article', id: 'cup', title: query, input_message_content: { message_text: `a cup of ${query}` } }], { cache_time: 0 })
    })
    bot.command('poll', async (ctx) => {
      // An answer to a webhook has no result.
      ctx.telegram.webhookReply = false
      this.asked = await ctx.sendPoll('Which tea?', ['mint', 'sage'], { is_anonymous: false })
    })
    bot.command('close', async (ctx) => {
      ctx.telegram.webhookReply = false
      const { total_voter_count, is_closed } = await ctx.stopPoll(this.asked.message_id)
      await ctx.reply(`${is_closed ? 'closed' : 'open'} with ${total_voter_count}`)
    })
    bot.on('poll_answer', (ctx) => ctx.telegram.sendMessage(ctx.pollAnswer.user.id, `noted ${ctx.pollAnswer.option_ids.map((at) => this.asked.poll.options[at].text)}`))
    bot.on('poll', (ctx) => this.emit({ kind: 'poll', isClosed: ctx.poll.is_closed, votes: ctx.poll.options.map((option) => option.voter_count) }))
    bot.on('message_reaction', (ctx) => ctx.reply(`saw ${ctx.reactions.added.toArray().map(({ emoji }) => emoji)}`))
    bot.hears(/^say (.*)$/, async (ctx) => {
      await ctx.sendChatAction('typing')
      await ctx.reply(`said ${ctx.match[1]}`)
    })
    bot.catch((error) => this.emit({ kind: 'broken', text: String(error.stack ?? error) }))
  }

  async raw({ method, params }) {
    return this.bot.telegram.callApi(method, params)
  }

  async send({ chat, text }) {
    return { id: (await this.bot.telegram.sendMessage(chat, text)).message_id }
  }

  // The library repeats nothing, so programs do so themselves.
  async sendPatiently({ chat, text }) {
    for (;;) {
      try {
        return await this.send({ chat, text })
      } catch (error) {
        const wait = error.parameters?.retry_after
        if (wait === undefined) throw error
        await delay(wait * 1000)
      }
    }
  }

  async sendFollowing({ chat, text }) {
    try {
      await this.send({ chat, text })
      return { chat }
    } catch (error) {
      const moved = error.parameters?.migrate_to_chat_id
      if (moved === undefined) throw error
      await this.send({ chat: moved, text })
      return { chat: moved }
    }
  }

  async startPolling() {
    await new Promise((resolve) => {
      this.polling = this.bot.launch({ allowedUpdates: UPDATES }, resolve).catch((error) => this.emit({ kind: 'pollingEnded', ...describeError(error) }))
    })
  }

  async stopPolling() {
    this.bot.stop()
    await this.polling
  }

  async startWebhook({ port, secret }) {
    const answer = this.bot.webhookCallback('/', { secretToken: secret })
    this.server = createServer((request, response) => void answer(request, response))
    await new Promise((resolve) => this.server.listen(port, '127.0.0.1', resolve))
    await this.bot.telegram.setWebhook(`http://localhost:${port}/`, { secret_token: secret })
  }

  async stopWebhook() {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
    this.server = undefined
  }
}

function describeError(error) {
  return error instanceof TelegramError ? { code: error.code, text: error.description } : { code: 0, text: String(error.stack ?? error) }
}

serveLines((name, emit) => new TelegrafBot(name, emit), describeError)
