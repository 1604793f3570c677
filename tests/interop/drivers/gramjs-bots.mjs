import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const { Api } = require('telegram')
const { Button } = require('telegram/tl/custom/button')
const bigInt = require('big-integer')

/** The commands of bots, and of people who press their buttons; `this` is the driver's client. */
export const botCommands = {
  async loginBot({ token }) {
    await this.client.start({ botAuthToken: token, onError: (error) => { throw error } })
    const me = await this.client.getMe()
    this.id = Number(me.id)
    await this.readState()
    return { id: this.id, firstName: me.firstName }
  },

  async findPerson({ username }) {
    return { id: Number((await this.client.getEntity(username)).id) }
  },

  async offer({ peer, text, buttons }) {
    const message = await this.client.sendMessage(bigInt(peer), { message: text, buttons: buttons.map((label) => [Button.inline(label, Buffer.from(label))]) })
    return { id: message.id }
  },

  async press({ peer, id, data }) {
    const answer = await this.client.invoke(new Api.messages.GetBotCallbackAnswer({ peer: bigInt(peer), msgId: id, data: Buffer.from(data) }))
    return { text: answer.message ?? null, isAlert: Boolean(answer.alert) }
  },

  async answerPress({ query, text, isAlert }) {
    await this.client.invoke(new Api.messages.SetBotCallbackAnswer({ queryId: bigInt(query), message: text, alert: isAlert, cacheTime: 0 }))
  },
}
