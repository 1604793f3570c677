import { expect } from 'vitest';
import { BOOT_CALLS, type CallSpec, type Replay } from './boot-calls.ts';
import type { BootStory } from './boot-story.ts';
import { CHAT_CALLS } from './chat-calls.ts';
import { CLIENTS, LayerClient, type ClientName, type LayerAnswer } from './layer-client.ts';
import { LOGIN_CALLS, type Login, type LoginRole } from './login-calls.ts';
import { PAGE_CALLS } from './page-calls.ts';

/**
 * Methods of groups and channels which do not exist yet. Clients must get an error after
 * which they continue. When one is added, remove it here and describe its answer above.
 */
const NOT_THERE_YET = new Set(['phone.getGroupCall']);
/** Wrappers with the client's initConnection. */
const INTRODUCTION = new Set(['invokeWithLayer', 'initConnection']);

/** Arguments for missing methods that are valid in their layer. */
const UNKNOWN_ARGS = {
  peer: { _: 'inputPeerSelf' }, call: { _: 'inputGroupCall', id: 1n, access_hash: 1n }, chat_id: 1n, id: [], msg_id: 1,
  offset: 0n, offset_id: 0, offset_date: 0, add_offset: 0, limit: 1, max_id: 0, min_id: 0, hash: 0n, pts: 1, increment: true,
  flags: 0,
};
/** How a client is replayed. */
export interface ReplayOptions {
  layer: number;
  /** Whether answers are compared with the content of the account. */
  checksTruth: boolean;
  /** Called with every answer that is not an error. */
  onAnswer?: LayerClient['onAnswer'];
}

/** The answer must be a value if one is expected, otherwise the expected error. */
function take(method: string, answer: LayerAnswer, refused: string | undefined, look: (value: unknown) => void): void {
  const got = 'refused' in answer ? answer.refused : undefined;
  expect(`${method}: ${got}`).toBe(`${method}: ${NOT_THERE_YET.has(method) ? 'METHOD_INVALID' : refused}`);
  if (!('refused' in answer)) look(answer.value);
}

/** Everything that a client does: it logs in, restarts, opens the chat with Bob and its other pages; a new user also logs in and starts. */
export async function replayClient(story: BootStory, name: ClientName, options: ReplayOptions): Promise<void> {
  const { returning: replay, newcomer } = await logIn(story, name, options);
  await using client = replay.client;
  await using _empty = newcomer.client;
  // An empty account gets answers of the same types.
  await play(newcomer, CLIENTS[name].boot.filter((method) => method !== 'messages.getPeerDialogs'), BOOT_CALLS, { ...options, checksTruth: false });
  client.introduce();
  await play(replay, CLIENTS[name].boot, BOOT_CALLS, options);
  await play(replay, CLIENTS[name].open_chat, CHAT_CALLS, options);
  await play(replay, CLIENTS[name].pages, PAGE_CALLS, options);
  // Messages that were read stay read.
  await play(replay, ['messages.getPeerDialogs'], CHAT_CALLS, options);
}

/** Replays a list in order; a client does not send what its layer does not have. */
async function play(replay: Replay, list: readonly string[], specs: Record<string, CallSpec>, { checksTruth }: ReplayOptions): Promise<void> {
  const { client } = replay;
  for (const method of list) {
    if (INTRODUCTION.has(method) || !client.knows(method)) continue;
    const spec = NOT_THERE_YET.has(method) ? {} : specs[method];
    if (spec === undefined) throw new Error(`say in the table what ${method} answers`);
    const args = NOT_THERE_YET.has(method) ? UNKNOWN_ARGS : (spec.args?.(replay) ?? {});
    for (const one of Array.isArray(args) ? (args as object[]) : [args]) {
      const answer = spec.call ? await spec.call(replay) : await client.call(method, one);
      take(method, answer, spec.refused, (value) => {
        spec.keep?.(value, replay);
        if (checksTruth) spec.check?.(value, replay, one as Record<string, unknown>);
      });
    }
  }
}

/**
 * Logs in as each role, with all calls in the client's order and on the same connections.
 * @returns the logged-in clients, still connected
 */
async function logIn(story: BootStory, name: ClientName, { layer, checksTruth, onAnswer }: ReplayOptions): Promise<{ returning: Replay; newcomer: Replay }> {
  const since = await story.renew();
  const { lang_pack: langPack } = CLIENTS[name].connection;
  const enter = async (role: LoginRole): Promise<Login> => {
    const { phone } = role === 'newcomer' ? story.freshPhone() : role === 'forgetful' ? await story.forgetful() : story.alice;
    const client = await LayerClient.open(story.server.info, name, layer);
    if (onAnswer) client.onAnswer = onAnswer;
    return { story, client, langPack, langVersion: 0, since, role, phone, code: phone.charAt(5).repeat(5), codeHash: '', token: new Uint8Array() };
  };
  const { login: list } = CLIENTS[name];
  const returning = await enter('returning');
  const guest = await enter('guest');
  // Web clients ask for the state before they are logged in.
  take('updates.getState', await guest.client.call('updates.getState'), 'AUTH_KEY_UNREGISTERED', () => {});
  const newcomer = await enter('newcomer');
  const logins = [returning, newcomer, ...(list.includes('auth.recoverPassword') ? [await enter('forgetful')] : []), guest];
  for (const method of list) {
    if (!returning.client.knows(method)) continue;
    if (NOT_THERE_YET.has(method)) {
      take(method, await guest.client.call(method, UNKNOWN_ARGS), undefined, () => {});
      continue;
    }
    const spec = LOGIN_CALLS[method];
    if (spec === undefined) throw new Error(`say in the table what ${method} answers`);
    for (const login of logins.filter(({ role }) => spec.roles.includes(role))) {
      const answer = spec.call ? await spec.call(login) : await login.client.call(method, spec.args?.(login));
      take(`${method} (${login.role})`, answer, spec.refused?.[login.role], (value) => {
        spec.keep?.(value, login);
        if (checksTruth) spec.check?.(value, login);
      });
    }
  }
  for (const { role, client } of logins) if (role === 'guest' || role === 'forgetful') await client[Symbol.asyncDispose]();
  return { returning, newcomer };
}

