// grammY: a bot over HTTP, written as its guide does it, behind one JSON request a line on stdin. It polls with the runner, and repeats with auto-retry.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { autoRetry } from '@grammyjs/auto-retry'
import { run } from '@grammyjs/runner'
import { Api, Bot, GrammyError, InlineKeyboard, InlineQueryResultBuilder, InputFile, InputMediaBuilder, webhookCallback } from 'grammy'
import { serveLines } from './line-driver.mjs'

// Reactions come only if they are named.
const UPDATES = ['message', 'callback_query', 'inline_query', 'my_chat_member', 'poll', 'poll_answer', 'message_reaction']

class GrammyBot {
  constructor(_name, emit) {
    this.emit = emit
  }

  async open({ root, token, photos, sticker }) {
    this.files = `${root}/file/bot${token}`
    // Calls that a test makes are not repeated.
    this.plain = new Api(token, { apiRoot: root })
    this.bot = new Bot(token, { client: { apiRoot: root, canUseWebhookReply: (method) => method === 'sendChatAction' } })
    for (const api of [this.plain, this.bot.api]) api.config.use((...call) => this.report(...call))
    this.bot.api.config.use(autoRetry())
    this.listen(photos.map((photo) => Buffer.from(photo, 'base64')), Buffer.from(sticker, 'base64'))
    await this.bot.init()
    return { id: this.bot.botInfo.id, username: this.bot.botInfo.username }
  }

  async report(previous, method, payload, signal) {
    const answer = await previous(method, payload, signal)
    this.emit(answer.ok ? { kind: 'result', method, result: answer.result } : { kind: 'refusal', method, code: answer.error_code, text: answer.description })
    return answer
  }

  listen(photos, sticker) {
    const { bot } = this
    bot.use((ctx, next) => {
      if (this.server) this.emit({ kind: 'update', update: ctx.update })
      return next()
    })
    bot.command('start', (ctx) => ctx.reply(`hello ${ctx.from.first_name}${ctx.match && `, ${ctx.match}`}`))
    bot.command('tea', (ctx) => ctx.reply('tea or coffee?', { reply_markup: new InlineKeyboard().text('tea').row().text('coffee') }))
    bot.callbackQuery(/.*/, async (ctx) => {
      await ctx.answerCallbackQuery({ text: `one ${ctx.callbackQuery.data}`, show_alert: true })
      await ctx.editMessageText(`<b>${ctx.callbackQuery.data}</b> is coming`, { parse_mode: 'HTML' })
    })
    bot.command('album', (ctx) => ctx.replyWithMediaGroup(photos.map((photo, at) => InputMediaBuilder.photo(new InputFile(photo, `${at}.jpg`), { caption: `photo ${at}` }))))
    bot.command('pack', async (ctx) => {
      const [owner, name] = [ctx.from.id, `pack_by_${bot.botInfo.username}`]
      await ctx.api.createNewStickerSet(owner, name, 'Sea', [{ sticker: new InputFile(sticker, 'a.png'), format: 'static', emoji_list: ['🐙'], keywords: ['sea'] }])
      const { file_id } = await ctx.api.uploadStickerFile(owner, 'static', new InputFile(sticker, 'b.png'))
      await ctx.api.addStickerToSet(owner, name, { sticker: file_id, format: 'static', emoji_list: ['🦑'] })
      const { stickers } = await ctx.api.getStickerSet(name)
      await ctx.replyWithSticker(stickers[1].file_id)
      await ctx.reply(`pack of ${stickers.map(({ emoji }) => emoji)}`)
    })
    bot.on('message:document', async (ctx) => {
      const { file_path } = await ctx.getFile()
      const bytes = Buffer.from(await (await fetch(`${this.files}/${file_path}`)).arrayBuffer())
      await ctx.reply(`${ctx.message.document.file_name}: ${createHash('sha256').update(bytes).digest('hex')}`)
    })
    bot.on('inline_query', (ctx) => ctx.answerInlineQuery([InlineQueryResultBuilder.article('cup', ctx.inlineQuery.query).text(`a cup of ${ctx.inlineQuery.query}`)], { cache_time: 0 }))
    bot.command('poll', async (ctx) => {
      this.asked = await ctx.replyWithPoll('Which tea?', ['mint', { text: 'sage' }], { is_anonymous: false, explanation: 'unused' })
    })
    bot.command('close', async (ctx) => {
      const { total_voter_count, is_closed } = await ctx.api.stopPoll(ctx.chat.id, this.asked.message_id)
      await ctx.reply(`${is_closed ? 'closed' : 'open'} with ${total_voter_count}`)
    })
    bot.on('poll_answer', (ctx) => ctx.api.sendMessage(ctx.pollAnswer.user.id, `noted ${ctx.pollAnswer.option_ids.map((at) => this.asked.poll.options[at].text)}`))
    bot.on('poll', (ctx) => this.emit({ kind: 'poll', isClosed: ctx.poll.is_closed, votes: ctx.poll.options.map((option) => option.voter_count) }))
    bot.on('message_reaction', (ctx) => ctx.reply(`saw ${ctx.reactions().emojiAdded}`))
    bot.hears(/^say (.*)$/, async (ctx) => {
      await ctx.replyWithChatAction('typing')
      await ctx.reply(`said ${ctx.match[1]}`)
    })
    bot.catch(({ error }) => this.emit({ kind: 'broken', text: String(error.stack ?? error) }))
  }

  async raw({ method, params }) {
    // Methods without parameters add their empty object themselves.
    return Object.keys(params).length === 0 ? this.plain.raw[method]() : this.plain.raw[method](params)
  }

  async send({ chat, text }) {
    return { id: (await this.plain.sendMessage(chat, text)).message_id }
  }

  async sendPatiently({ chat, text }) {
    return { id: (await this.bot.api.sendMessage(chat, text)).message_id }
  }

  async sendFollowing({ chat, text }) {
    try {
      await this.plain.sendMessage(chat, text)
      return { chat }
    } catch (error) {
      const moved = error.parameters?.migrate_to_chat_id
      if (moved === undefined) throw error
      await this.plain.sendMessage(moved, text)
      return { chat: moved }
    }
  }

  async startPolling() {
    await this.bot.api.deleteWebhook()
    this.runner = run(this.bot, { runner: { silent: true, fetch: { allowed_updates: UPDATES } } })
    this.runner.task().catch((error) => this.emit({ kind: 'pollingEnded', ...describeError(error) }))
  }

  async stopPolling() {
    if (this.runner.isRunning()) await this.runner.stop()
  }

  async startWebhook({ port, secret }) {
    const answer = webhookCallback(this.bot, 'http', { secretToken: secret })
    this.server = createServer((request, response) => void answer(request, response))
    await new Promise((resolve) => this.server.listen(port, '127.0.0.1', resolve))
    await this.bot.api.setWebhook(`http://localhost:${port}/`, { secret_token: secret })
  }

  async stopWebhook() {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
    this.server = undefined
  }
}

function describeError(error) {
  return error instanceof GrammyError ? { code: error.error_code, text: error.description } : { code: 0, text: String(error.stack ?? error) }
}

serveLines((name, emit) => new GrammyBot(name, emit), describeError)
