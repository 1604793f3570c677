import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SeedPlan } from '@aerogram/cli/seed';
import { findRepositoryRoot, type ServerInfo } from '@aerogram/dev-env/load';
import { methods } from '@aerogram/rpc-handlers';
import { encode, LAYER, type tl } from '@aerogram/tl';
import type { Outcome } from './outcome.ts';
import { findPeer } from './read-load.ts';
import { connectSeeded, timeCall } from './seeded-client.ts';

/** Plain values by type, for calls that ask for little. */
const DEFAULTS: Record<string, unknown> = {
  int: 0, long: 0n, string: '', Bool: false, double: 0,
  InputPeer: { _: 'inputPeerSelf' },
  InputUser: { _: 'inputUserSelf' },
  InputNotifyPeer: { _: 'inputNotifyUsers' },
  InputFileLocation: { _: 'inputTakeoutFileLocation' },
  InputStickerSet: { _: 'inputStickerSetAnimatedEmoji' },
  MessagesFilter: { _: 'inputMessagesFilterEmpty' },
};

/** Values for methods where the plain value would ask for nothing. */
function detailsOf(method: string, peer: tl.inputPeerUser): Record<string, unknown> {
  switch (method) {
    case 'messages.getHistory':
      return { peer, limit: 50 };
    case 'messages.getDialogs':
    case 'messages.getSavedDialogs':
      return { offset_peer: { _: 'inputPeerEmpty' }, limit: 20 };
    case 'messages.getPeerDialogs':
      return { peers: [{ _: 'inputDialogPeer', peer }] };
    case 'messages.getPeerSettings':
      return { peer };
    case 'messages.getMessages':
      return { id: [1, 2, 3].map((id) => ({ _: 'inputMessageID', id })) };
    case 'users.getUsers':
      return { id: [{ ...peer, _: 'inputUser' }] };
    case 'users.getFullUser':
      return { id: { ...peer, _: 'inputUser' } };
    case 'contacts.search':
      return { q: 'bab dod' };
    case 'contacts.resolveUsername':
    case 'account.checkUsername':
      return { username: 'user_0000007' };
    case 'contacts.resolvePhone':
      return { phone: '88800000007' };
    case 'updates.getDifference':
      return { pts: 1, date: 1_760_000_000 };
    default:
      return method.startsWith('langpack.') ? { lang_pack: 'android', lang_code: 'en' } : {};
  }
}

/** Requests with plain values, created from the schema. */
function sampleRequests(names: readonly string[], peer: tl.inputPeerUser): tl.AnyMethod[] {
  const schema = readFileSync(join(findRepositoryRoot(), 'packages', 'schema', `api-${LAYER}.tl`), 'utf8');
  return names.map((name) => {
    const line = new RegExp(`^${name.replace('.', '\\.')}#[0-9a-f]+ (.*) = `, 'm').exec(schema);
    const required = (line?.[1] ?? '').split(' ').filter((field) => field.includes(':') && !/\?|#/.test(field));
    const fields = required.map((field) => {
      const [key, type] = field.split(':') as [string, string];
      return [key, type.startsWith('Vector<') ? [] : DEFAULTS[type]] as const;
    });
    // A request with a value of the wrong type fails to be encoded below.
    return { _: name, ...Object.fromEntries(fields), limit: 20, ...detailsOf(name, peer) } as unknown as tl.AnyMethod;
  });
}

/** Methods that clients need first, according to the schema's table of methods. */
function listFirstWave(): string[] {
  const facts = JSON.parse(readFileSync(join(findRepositoryRoot(), 'packages', 'schema', 'methods.json'), 'utf8')) as Record<string, { wave?: number }>;
  return methods.filter((method) => method.repeat === 'read' && facts[method.method]?.wave === 1).map((method) => method.method);
}

/** Calls every reading method of the first wave, or the given ones, one after the other, as the owner of the big box. */
export async function readEverything(server: ServerInfo, plan: SeedPlan, times: number, names = listFirstWave()): Promise<Outcome> {
  await using client = await connectSeeded(server, 0);
  const peer = await findPeer(client, plan);
  const byName: Record<string, number[]> = {};
  let operations = 0;
  const started = performance.now();
  for (const request of sampleRequests(names, peer)) {
    const body = encode(request);
    const samples: number[] = (byName[request._] = []);
    for (let n = 0; n < times; n++) {
      samples.push(await timeCall(client, body));
      operations += 1;
    }
  }
  return { operations, elapsedMs: performance.now() - started, ackMs: Object.values(byName).flat(), byName };
}
