import { ID_STEP } from './tdlib-groups.mjs'

/** The commands of bots, and of people who press their buttons; `this` is the driver's client. */
export const botCommands = {
  async loginBot({ token }) {
    await this.client.loginAsBot(token)
    return this.me()
  },

  async findPerson({ username }) {
    return { id: (await this.client.invoke({ _: 'searchPublicChat', username })).type.user_id }
  },

  async offer({ peer, text, buttons }) {
    const button = (label) => ({ _: 'inlineKeyboardButton', text: label, type: { _: 'inlineKeyboardButtonTypeCallback', data: Buffer.from(label).toString('base64') } })
    const message = await this.client.invoke({
      _: 'sendMessage',
      chat_id: await this.chat(peer),
      reply_markup: { _: 'replyMarkupInlineKeyboard', rows: buttons.map((label) => [button(label)]) },
      input_message_content: { _: 'inputMessageText', text: { _: 'formattedText', text, entities: [] } },
    })
    return { id: await this.sent(message) }
  },

  async press({ peer, id, data }) {
    const payload = { _: 'callbackQueryPayloadData', data: Buffer.from(data).toString('base64') }
    const answer = await this.client.invoke({ _: 'getCallbackQueryAnswer', chat_id: peer, message_id: id * ID_STEP, payload })
    return { text: answer.text || null, isAlert: answer.show_alert }
  },

  async answerPress({ query, text, isAlert }) {
    await this.client.invoke({ _: 'answerCallbackQuery', callback_query_id: query, text, show_alert: isAlert, url: '', cache_time: 0 })
  },
}
