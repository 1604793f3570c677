import { RawAccount } from '@aerogram/dev-env/load';
import { LAYER, type tl } from '@aerogram/tl';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { type Scenario, startScenario } from '../scenario.ts';
import { nameOf, readForms, valueAt } from './forms.ts';
import { NOT_YET } from './not-yet.ts';
import { playForms } from './play-forms.ts';
import { type FormStage, stageForms } from './stage-forms.ts';

let scenario: Scenario;
let stage: FormStage;
beforeAll(async () => {
  scenario = await startScenario({ kit: { hasLimits: () => false } });
  stage = await stageForms(scenario.server.info, scenario.world, 'newest');
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const { forms } = readForms();
const at = <T>(path: string): T => valueAt(stage.values, path) as T;

test('forms have names of their own, and the list names forms', () => {
  const names = forms.map((form) => nameOf(form));
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(Object.keys(NOT_YET).filter((name) => !names.includes(name))).toEqual([]);
});

test('reading up to the message 0 reads everything, in chats of each kind and in topics', async () => {
  const { ann, bob } = stage;
  const send = (peer: tl.InputPeer, topicId?: number): Promise<unknown> =>
    bob.call({ _: 'messages.sendMessage', peer, message: 'unread', random_id: at('$random'), reply_to: topicId === undefined ? undefined : { _: 'inputReplyToMessage', reply_to_msg_id: topicId } });
  const [group, forum, one] = [at<tl.inputPeerChat>('$peer.group'), at<tl.inputPeerChannel>('$peer_of_bob.forum'), at<number>('$topic.one')];
  for (const peer of [at<tl.inputPeerUser>('$peer_of_bob.ann'), group, at<tl.inputPeerChannel>('$peer_of_bob.supergroup'), forum]) await send(peer);
  await send(forum, one);
  const unread = async (): Promise<number[]> => {
    const peers = ['$peer.bob', '$peer.group', '$peer.supergroup'].map((path): tl.inputDialogPeer => ({ _: 'inputDialogPeer', peer: at(path) }));
    const { dialogs } = await ann.call<'messages.getPeerDialogs'>({ _: 'messages.getPeerDialogs', peers });
    const { topics } = await ann.call<'messages.getForumTopicsByID'>({ _: 'messages.getForumTopicsByID', peer: at('$peer.forum'), topics: [1, one] });
    return [...dialogs, ...topics].map((row) => ('unread_count' in row ? row.unread_count : -1));
  };
  expect((await unread()).every((count) => count > 0)).toBe(true);
  await ann.call({ _: 'messages.readHistory', peer: at('$peer.bob'), max_id: 0 });
  await ann.call({ _: 'messages.readHistory', peer: group, max_id: 0 });
  await ann.call({ _: 'channels.readHistory', channel: at('$channel.supergroup'), max_id: 0 });
  for (const msg_id of [1, one]) await ann.call({ _: 'messages.readDiscussion', peer: at('$peer.forum'), msg_id, read_max_id: 0 });
  expect(await unread()).toEqual([0, 0, 0, 0, 0]);
});

test('typing reaches the others in every chat, whatever stands for no topic, and nobody is told of their own', async () => {
  const { ann, bob } = stage;
  const heard: string[] = [];
  const own: string[] = [];
  const hear = (to: string[]) => (updates: tl.Updates): void => {
    const all = updates._ === 'updates' ? updates.updates : updates._ === 'updateShort' ? [updates.update] : [];
    for (const update of all) {
      if (update._ === 'updateNewChannelMessage' && update.message._ === 'message') to.push(update.message.message);
      if (update._.endsWith('Typing')) to.push(`${update._} ${'top_msg_id' in update && update.top_msg_id !== undefined ? update.top_msg_id : 'anywhere'}`);
    }
  };
  const tablet = await RawAccount.signUp(scenario.server.info, { name: ann.name, phone: ann.phone, code: ann.phone.charAt(5).repeat(5) });
  ann.onUpdates = hear(own);
  tablet.onUpdates = hear(own);
  bob.onUpdates = hear(heard);
  await bob.call({ _: 'updates.getState' });
  const one = at<number>('$topic.one');
  const cases: [path: string, topic: number | undefined, update: string][] = [
    ...[undefined, 0, -1].flatMap((topic): typeof cases => [
      ['$peer.bob', topic, 'updateUserTyping anywhere'],
      ['$peer.group', topic, 'updateChatUserTyping anywhere'],
      ['$peer.supergroup', topic, 'updateChannelUserTyping anywhere'],
      ['$peer.forum', topic, 'updateChannelUserTyping anywhere'],
    ]),
    ['$peer.forum', 1, 'updateChannelUserTyping 1'],
    ['$peer.forum', one, `updateChannelUserTyping ${one}`],
  ];
  for (const [path, top_msg_id, update] of cases) {
    heard.length = 0;
    await ann.call({ _: 'messages.setTyping', peer: at(path), top_msg_id, action: { _: 'sendMessageTypingAction' } });
    await expect.poll(() => heard, { interval: 5, message: `${path} ${top_msg_id}` }).toEqual([update]);
  }
  // Pushes of one group keep their order: with the message, both devices would have been told before.
  await bob.call({ _: 'messages.sendMessage', peer: at('$peer_of_bob.forum'), message: 'the last word', random_id: at('$random') });
  await expect.poll(() => own.filter((what) => what === 'the last word'), { interval: 5 }).toHaveLength(2);
  expect(own.filter((what) => what.includes('Typing'))).toEqual([]);
  tablet.disconnect();
});

test('every form that an official app sends is answered as the app expects, except for those in the list', async () => {
  const { failed, ...counts } = await playForms(scenario, stage, forms, { layer: LAYER, client: 'tdlib' });
  console.log(`${JSON.stringify(counts)}, in the list ${failed.size}`);
  expect([...failed].filter(([name]) => !(name in NOT_YET))).toEqual([]);
  // What holds must leave the list.
  expect(Object.keys(NOT_YET).filter((name) => !failed.has(name))).toEqual([]);
  expect([counts.sent, counts.sent + counts.unknown]).toEqual([counts.fine + counts.handled + failed.size, forms.length]);
  // A form of which the newest layer lacks something is sent in the layer of its app (older-layers.test.ts).
  expect(counts.unknown).toBeLessThanOrEqual(1);
});
