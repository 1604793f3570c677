// Sends the forms of official apps to a stage, in the schema of one layer.
import { isDeepStrictEqual } from 'node:util';
import type { RawAccount } from '@aerogram/dev-env/load';
import type { ClientKey } from '@aerogram/mtproto/client';

import { type ClientName, type LayerAnswer, LayerClient } from '../client-boot/layer-client.ts';
import type { Scenario } from '../scenario.ts';
import { fillRequest, type Form, isOfLayer, methodOf, nameOf, valueAt, type Values } from './forms.ts';
import type { FormStage } from './stage-forms.ts';

/** How long a form may wait for its answer, in milliseconds. */
const ANSWER_MS = 40_000;

/** What became of the forms. */
export interface Played {
  /** Forms that have constructors or fields which the layer lacks. */
  unknown: number;
  sent: number;
  /** Answered as the app expects. */
  fine: number;
  /** Answered with an error that the app handles. */
  handled: number;
  /** Why the others did not hold, by their names. */
  failed: Map<string, string>;
}

type Answered = Record<string, unknown>;

/** Sends forms to the chats of a stage, in their order. */
export async function playForms({ server }: Scenario, { ann, bob, carol, values: staged }: FormStage, forms: readonly Form[], { layer, client: name }: { layer: number; client: ClientName }): Promise<Played> {
  const values: Record<string, unknown> = { ...staged };
  await using senders = new Senders((key) => LayerClient.open(server.info, name, layer, key), { me: ann, stranger: carol, bob });
  const me = await senders.find('me');
  const played: Played = { unknown: 0, sent: 0, fine: 0, handled: 0, failed: new Map() };
  for (const form of forms) {
    if (!isOfLayer(me.schema, form.request)) {
      played.unknown++;
      continue;
    }
    played.sent++;
    const client = await senders.find(form.as ?? 'me');
    const answer = await withinTime(client.ask(fillRequest(me.schema, form.request, values), methodOf(form)));
    if ('refused' in answer && form.errors?.some((error) => answer.refused.startsWith(error)) === true) {
      played.handled++;
      continue;
    }
    const fault = 'refused' in answer ? answer.refused : (findFault(form, answer.value, values) ?? (form.drafts && (await findDraftFault(me, form.drafts, values))));
    if ('value' in answer) for (const [kept, path] of Object.entries(form.keeps ?? {})) values[kept] = (answer.value as Answered)[path];
    if (fault === undefined) played.fine++;
    else played.failed.set(nameOf(form), fault);
  }
  return played;
}

/** The clients of those who send forms, each opened when it is needed: a server closes connections on which nothing is said for long. */
class Senders implements AsyncDisposable {
  readonly #open: (key: ClientKey | undefined) => Promise<LayerClient>;
  readonly #accounts: Readonly<Record<string, RawAccount>>;
  readonly #clients = new Map<string, LayerClient>();
  #last = '';

  /** @param accounts by the names of senders, who take over their keys; others are not logged in */
  constructor(open: (key: ClientKey | undefined) => Promise<LayerClient>, accounts: Readonly<Record<string, RawAccount>>) {
    this.#open = open;
    this.#accounts = accounts;
    for (const account of Object.values(accounts)) account.disconnect();
  }

  async find(name: string): Promise<LayerClient> {
    const known = this.#clients.get(name);
    if (known !== undefined && (name === 'me' || name === this.#last)) return known;
    await known?.[Symbol.asyncDispose]();
    this.#last = name;
    const client = await this.#open(this.#accounts[name]?.key);
    this.#clients.set(name, client);
    return client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients.values()) await client[Symbol.asyncDispose]();
  }
}

/** The answer to a call, or what stands for a missing one. */
async function withinTime(call: Promise<LayerAnswer>): Promise<LayerAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<LayerAnswer>((resolve) => (timer = setTimeout(() => resolve({ refused: `no answer in ${ANSWER_MS} ms` }), ANSWER_MS)));
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}

function valueOf(answer: LayerAnswer): Answered {
  if ('refused' in answer) throw new Error(answer.refused);
  return answer.value as Answered;
}

/** How an answer differs from what the app expects; undefined if it does not. */
function findFault({ answer, exactly = {}, least = {}, fields = {}, only, among = [], never = [], topic }: Form, value: unknown, values: Values): string | undefined {
  const kind = value === true ? 'true' : ((value as Answered)['_'] as string);
  if (answer !== undefined && !answer.includes(kind)) return `the answer is ${kind}`;
  const at = (path: string): unknown => (path === '' ? value : path.split('.').reduce((found: unknown, name) => (found as Answered | undefined)?.[name], value));
  const sizeOf = (path: string): unknown => (Array.isArray(at(path)) ? (at(path) as unknown[]).length : at(path));
  for (const [path, size] of Object.entries(exactly)) if (sizeOf(path) !== size) return `${sizeOf(path)} ${path}, not ${size}`;
  for (const [path, size] of Object.entries(least)) if (!((sizeOf(path) as number) >= size)) return `${sizeOf(path)} ${path}, less than ${size}`;
  for (const [path, wanted] of Object.entries(fields)) if (at(path) !== wanted) return `${path} is ${at(path)}, not ${wanted}`;
  const ids = (at('messages') as { id: number }[] | undefined)?.map(({ id }) => id) ?? [];
  const idsOf = (paths: readonly string[]): number[] => paths.map((path) => valueAt(values, path) as number);
  if (only !== undefined && !isDeepStrictEqual(ids, idsOf(only))) return `messages ${ids}, not ${idsOf(only)}`;
  if (!idsOf(among).every((id) => ids.includes(id))) return `messages ${ids}, without one of ${idsOf(among)}`;
  if (idsOf(never).some((id) => ids.includes(id))) return `messages ${ids}, with one of ${idsOf(never)}`;
  return topic === undefined ? undefined : findTopicFault(topic, value as Answered, valueAt(values, topic));
}

function findTopicFault(path: string, value: Answered, topic: unknown): string | undefined {
  const update = (value['updates'] as Answered[] | undefined)?.find((one) => one['message'] !== undefined);
  const { reply_to_top_id: topId, reply_to_msg_id: msgId, forum_topic: inTopic } = ((update?.['message'] as Answered | undefined)?.['reply_to'] ?? {}) as Answered;
  const isThere = (topId ?? msgId) === topic && (inTopic === true) === path.startsWith('$topic');
  return isThere ? undefined : `it is written in ${String(topId ?? msgId)}, not ${String(topic)}`;
}

/** Compares the drafts that are kept in the forum with what the app expects, and clears them. */
async function findDraftFault(me: LayerClient, drafts: readonly unknown[], values: Values): Promise<string | undefined> {
  const { updates } = valueOf(await me.call('messages.getAllDrafts')) as { updates: { peer: { channel_id?: bigint }; top_msg_id?: number; draft: { _: string } }[] };
  await me.call('messages.clearAllDrafts');
  const forum = valueAt(values, '$channel_id.forum');
  const kept = updates.filter(({ peer, draft }) => peer.channel_id === forum && draft._ === 'draftMessage').map(({ top_msg_id: topId }) => topId);
  const wanted = drafts.map((place) => (typeof place === 'string' ? valueAt(values, place) : place));
  return isDeepStrictEqual(kept, wanted) ? undefined : `drafts are kept in ${kept.join(', ') || 'no place'}, not ${wanted.join(', ') || 'nowhere'}`;
}
