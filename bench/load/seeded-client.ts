import { seedKey } from '@aerogram/cli/seed';
import { type ServerInfo, wireTo } from '@aerogram/dev-env/load';
import { createAuthKey, RawClient } from '@aerogram/mtproto/client';
import { decode, encode, METHODS, readResult, TlReader, type tl } from '@aerogram/tl';
import { sourceAddress } from './outcome.ts';

/** Connects a device of a seeded account; it is logged in already. */
export function connectSeeded(server: ServerInfo, account: number, device = 0): Promise<RawClient> {
  const clientKey = { key: createAuthKey(seedKey(account, device)), salt: 0n };
  return RawClient.connect({ ...wireTo(server, sourceAddress(account + device)), clientKey });
}

/** Calls a method on a raw client. */
export async function call<M extends keyof tl.RpcMethods>(client: RawClient, request: tl.RpcMethods[M]['req']): Promise<tl.RpcMethods[M]['res']> {
  return readResult(new TlReader(await client.call(encode(request))), METHODS[request._].result);
}

/** The updates in what was pushed. */
export function readPush(body: Uint8Array): tl.Updates {
  // What answers no call and is no service message is an Updates.
  return decode(body) as tl.Updates;
}
