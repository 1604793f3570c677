import { BotKeyboard, Long } from '@mtcute/node'

/** The commands of bots, and of people who press their buttons; `this` is the driver's client. */
export const botCommands = {
  async loginBot({ token }) {
    const user = await this.client.signInBot(token)
    await this.client.startUpdatesLoop()
    this.id = user.id
    return { id: user.id, firstName: user.firstName }
  },

  async findPerson({ username }) {
    return { id: (await this.client.getUser(username)).id }
  },

  async offer({ peer, text, buttons }) {
    const replyMarkup = BotKeyboard.inline(buttons.map((label) => [BotKeyboard.callback(label, label)]))
    return { id: (await this.client.sendText(peer, text, { replyMarkup })).id }
  },

  async press({ peer, id, data }) {
    const answer = await this.client.getCallbackAnswer({ chatId: peer, message: id, data, timeout: 20_000, fireAndForget: false })
    return { text: answer.message ?? null, isAlert: Boolean(answer.alert) }
  },

  async answerPress({ query, text, isAlert }) {
    await this.client.answerCallbackQuery(Long.fromString(query), { text, alert: isAlert })
  },
}
