import type { Actor, Device } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';

export const words = (text: string): tl.RawTextWithEntities => ({ _: 'textWithEntities', text, entities: [] });
export const option = (at: number): Uint8Array => Buffer.from(String(at));
export const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

export function pollOf(more: Partial<tl.RawPoll> = {}, correctAnswers?: number[], solution?: string): tl.RawInputMediaPoll {
  const answers = ['red', 'green', 'blue'].map((text): tl.RawInputPollAnswer => ({ _: 'inputPollAnswer', text: words(text) }));
  const poll: tl.RawPoll = { _: 'poll', id: Long.ZERO, question: words('Which colour?'), answers, hash: Long.ZERO, ...more };
  return { _: 'inputMediaPoll', poll, correctAnswers, solution, solutionEntities: solution === undefined ? undefined : [] };
}

export const messagesIn = (answer: tl.TypeUpdates): tl.RawMessage[] =>
  (answer as tl.RawUpdates).updates.flatMap((update) => ('message' in update && typeof update.message === 'object' && update.message._ === 'message' ? [update.message] : []));

/** Sends a poll. @returns the message in the answer */
export async function sendPoll(device: Device, peer: tl.TypeInputPeer, media: tl.TypeInputMedia, more: Partial<tl.messages.RawSendMediaRequest> = {}): Promise<tl.RawMessage> {
  return messagesIn(await device.change({ _: 'messages.sendMedia', peer, media, message: '', randomId: randomLong(), ...more }))[0]!;
}

export const pollIn = (message: tl.RawMessage | undefined): tl.RawMessageMediaPoll => message?.media as tl.RawMessageMediaPoll;

export const voteCall = (peer: tl.TypeInputPeer, msgId: number, ...places: number[]): tl.messages.RawSendVoteRequest => ({ _: 'messages.sendVote', peer, msgId, options: places.map(option) });

export async function vote(device: Device, peer: tl.TypeInputPeer, msgId: number, ...places: number[]): Promise<tl.RawUpdateMessagePoll> {
  const { updates } = (await device.call(voteCall(peer, msgId, ...places))) as tl.RawUpdates;
  return updates[0] as tl.RawUpdateMessagePoll;
}

export async function resultsOf(device: Device, peer: tl.TypeInputPeer, msgId: number, pollHash = Long.ZERO): Promise<tl.RawUpdateMessagePoll> {
  const { updates } = (await device.call({ _: 'messages.getPollResults', peer, msgId, pollHash })) as tl.RawUpdates;
  return updates[0] as tl.RawUpdateMessagePoll;
}

/** The newest poll that an account has in its own box. */
export async function receives(actor: Actor, peer: tl.TypeInputPeer): Promise<tl.RawMessage> {
  const { messages } = (await actor.main.call({ _: 'messages.getHistory', peer, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: Long.ZERO })) as tl.messages.RawMessages;
  return messages.find((message): message is tl.RawMessage => message._ === 'message' && message.media?._ === 'messageMediaPoll')!;
}
