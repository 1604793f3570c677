import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BOOT_CALLS, type CallSpec, type Replay } from './boot-calls.ts';
import { startBootStory, type BootStory } from './boot-story.ts';
import { CHAT_CALLS } from './chat-calls.ts';
import { CLIENTS, LayerClient, type ClientName, type LayerAnswer } from './layer-client.ts';
import { LOGIN_CALLS, type Login, type LoginRole } from './login-calls.ts';

/**
 * Methods of groups, channels, bots and files, and of log-in by ways that belong to them: they are not there yet, and clients
 * must be told so in the way that they go on from. Whoever adds one takes it out here and says above what it answers.
 */
const NOT_THERE_YET = new Set([
  'auth.importBotAuthorization', 'auth.importWebTokenAuthorization', 'channels.getFullChannel', 'channels.getMessages',
  'channels.getParticipants', 'channels.getSendAs', 'channels.readHistory', 'messages.getDiscussionMessage', 'messages.getFullChat',
  'messages.getMessagesViews', 'messages.getOnlines', 'messages.getReplies', 'messages.getUnreadMentions', 'phone.getGroupCall',
  'updates.getChannelDifference', 'upload.getFile',
]);
/** They go around other calls: the client's introduction. */
const INTRODUCTION = new Set(['invokeWithLayer', 'initConnection']);

/** What those that are not there are called with: whatever their layer lets pass. */
const UNKNOWN_ARGS = {
  peer: { _: 'inputPeerSelf' }, channel: { _: 'inputChannelEmpty' }, call: { _: 'inputGroupCall', id: 1n, access_hash: 1n }, chat_id: 1n, id: [], msg_id: 1,
  filter: { _: 'channelMessagesFilterEmpty' }, location: { _: 'inputPeerPhotoFileLocation', peer: { _: 'inputPeerSelf' }, photo_id: 1n },
  offset: 0n, offset_id: 0, offset_date: 0, add_offset: 0, limit: 1, max_id: 0, min_id: 0, hash: 0n, pts: 1, increment: true,
  flags: 0, api_id: 1, api_hash: 'x', bot_auth_token: '1:x', web_auth_token: 'x',
};
/** Where such a field has another type. */
const UNKNOWN_ARGS_OF: Record<string, object> = {
  'channels.getParticipants': { filter: { _: 'channelParticipantsRecent' }, offset: 0 },
};

let story: BootStory;
beforeAll(async () => {
  story = await startBootStory();
}, 120_000);
afterAll(() => story?.[Symbol.asyncDispose]());

function check(method: string, answer: LayerAnswer, refused: string | undefined, look: (value: unknown) => void): void {
  const got = 'refused' in answer ? answer.refused : undefined;
  expect(`${method}: ${got}`).toBe(`${method}: ${NOT_THERE_YET.has(method) ? 'METHOD_INVALID' : refused}`);
  if (!('refused' in answer)) look(answer.value);
}

/** Plays a list in its order; what the layer does not have its clients do not send. @returns how many calls were answered */
async function play(replay: Replay, list: readonly string[], specs: Record<string, CallSpec>): Promise<number> {
  const { client } = replay;
  let answered = 0;
  for (const method of list) {
    if (INTRODUCTION.has(method) || !client.knows(method)) continue;
    const spec = NOT_THERE_YET.has(method) ? {} : specs[method];
    if (spec === undefined) throw new Error(`say in the table what ${method} answers`);
    const args = NOT_THERE_YET.has(method) ? { ...UNKNOWN_ARGS, ...UNKNOWN_ARGS_OF[method] } : (spec.args?.(replay) ?? {});
    for (const one of Array.isArray(args) ? (args as object[]) : [args]) {
      const answer = spec.call ? await spec.call(replay) : await client.call(method, one);
      check(method, answer, spec.refused, (value) => spec.check?.(value, replay, one as Record<string, unknown>));
      answered++;
    }
  }
  return answered;
}

/** Logs in as each role does, every call in the client's order on the connections that make it. @returns Alice's connection */
async function logIn(name: ClientName, layer: number, since: Replay['since']): Promise<Replay> {
  const { lang_pack: langPack } = CLIENTS[name].connection;
  const enter = async (role: LoginRole): Promise<Login> => {
    const { phone } = role === 'newcomer' ? story.freshPhone() : story.alice;
    const client = await LayerClient.open(story.server.info, name, layer);
    return { story, client, langPack, langVersion: 0, since, role, phone, code: phone.charAt(5).repeat(5), codeHash: '', token: new Uint8Array() };
  };
  const logins = [await enter('returning'), await enter('newcomer'), await enter('guest')] as const;
  for (const method of CLIENTS[name].login) {
    if (!logins[0].client.knows(method)) continue;
    if (NOT_THERE_YET.has(method)) {
      check(method, await logins[2].client.call(method, UNKNOWN_ARGS), undefined, () => {});
      continue;
    }
    const spec = LOGIN_CALLS[method];
    if (spec === undefined) throw new Error(`say in the table what ${method} answers`);
    for (const login of logins.filter(({ role }) => spec.roles.includes(role))) {
      const answer = spec.call ? await spec.call(login) : await login.client.call(method, spec.args?.(login));
      check(`${method} (${login.role})`, answer, spec.refused?.[login.role], (value) => spec.check?.(value, login));
    }
  }
  const [returning, ...others] = logins;
  for (const { client } of others) await client[Symbol.asyncDispose]();
  return returning;
}

describe.each([214, 223, 228])('at layer %i', (layer) => {
  test.each(Object.keys(CLIENTS) as ClientName[])('%s logs in, starts, opens a chat', { timeout: 120_000 }, async (name) => {
    const since = await story.renew();
    const replay = await logIn(name, layer, since);
    await using client = replay.client;
    client.introduce();
    expect(await play(replay, CLIENTS[name].boot, BOOT_CALLS)).toBeGreaterThan(20);
    expect(await play(replay, CLIENTS[name].open_chat, CHAT_CALLS)).toBeGreaterThan(10);
    // What was read stays read.
    expect(story.unread).toBe(0);
    await play(replay, ['messages.getPeerDialogs'], CHAT_CALLS);
  });
});
