import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const { Api } = require('telegram')
const bigInt = require('big-integer')

/** How many posts a client asks for at once when it has missed some. */
const SLICE = 100

export const markedChannel = (channelId) => -(1e12 + Number(channelId))

/** Keeps the states of the account and of its channels, and catches up; `this` is the driver's client. */
export const catchingUp = {
  async readState() {
    const state = await this.client.invoke(new Api.updates.GetState())
    this.state = { pts: state.pts, qts: state.qts, date: state.date }
  },

  /** The library leaves catching up to its user: the difference from the last known state, slice by slice. */
  async catchUp() {
    for (;;) {
      const difference = await this.client.invoke(new Api.updates.GetDifference(this.state))
      if (difference instanceof Api.updates.DifferenceEmpty) return
      if (difference instanceof Api.updates.DifferenceTooLong) throw new Error('differenceTooLong without pts_total_limit')
      this.client._entityCache.add(difference)
      this.session.processEntities(difference)
      for (const message of difference.newMessages) this.onMessage(message)
      for (const update of difference.otherUpdates) this.onUpdate(update)
      const state = difference.state ?? difference.intermediateState
      this.state = { pts: state.pts, qts: state.qts, date: state.date }
      if (difference instanceof Api.updates.Difference) return
    }
  },

  /** Moves the state of the account, or of the channel that an update is about. */
  keepPts(update) {
    // Those without a count only tell the state of the server.
    if (!(update.pts > 0) || update.ptsCount === undefined) return
    const channelId = update.channelId ?? update.message?.peerId?.channelId
    if (channelId === undefined) {
      if (this.state) this.state.pts = Math.max(this.state.pts, update.pts)
    } else {
      const peer = markedChannel(channelId)
      this.channels.set(peer, Math.max(this.channels.get(peer) ?? 0, update.pts))
    }
  },

  /** The answer of an own call moves the state too. */
  took(answer) {
    // Some answers have their updates inside.
    const { updates = [] } = answer?.updates?.updates ? answer.updates : (answer ?? {})
    for (const one of [answer ?? {}, ...updates]) this.keepPts(one)
    return answer
  },

  /** The library leaves channels to its user, too: the difference from the last known state of this one. */
  async catchUpChannel(peer) {
    const channel = await this.client.getInputEntity(bigInt(peer))
    for (;;) {
      const pts = this.channels.get(peer) ?? 1
      const filter = new Api.ChannelMessagesFilterEmpty()
      const difference = await this.client.invoke(new Api.updates.GetChannelDifference({ channel, filter, pts, limit: SLICE, force: true }))
      this.channels.set(peer, difference.pts ?? difference.dialog.pts)
      if (difference instanceof Api.updates.ChannelDifferenceEmpty) return
      this.client._entityCache.add(difference)
      this.session.processEntities(difference)
      for (const message of (difference.newMessages ?? difference.messages).toSorted((a, b) => a.id - b.id)) this.onMessage(message)
      for (const update of difference.otherUpdates ?? []) this.onUpdate(update)
      if (difference.final) return
    }
  },
}
