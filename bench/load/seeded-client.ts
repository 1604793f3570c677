import { seedKey } from '@aerogram/cli/seed';
import { type ServerInfo, wireTo } from '@aerogram/dev-env/load';
import { createAuthKey, RawClient, RawClientError } from '@aerogram/mtproto/client';
import { encode, METHODS, readResult, TlReader, type tl } from '@aerogram/tl';
import { sourceAddress } from './outcome.ts';

/** Connects a device of a seeded account, which is already logged in. */
export function connectSeeded(server: ServerInfo, account: number, device = 0): Promise<RawClient> {
  const clientKey = { key: createAuthKey(seedKey(account, device)), salt: 0n };
  return RawClient.connect({ ...wireTo(server, sourceAddress(account + device)), clientKey });
}

/** Calls a method on a raw client. */
export async function call<M extends keyof tl.RpcMethods>(client: RawClient, request: tl.RpcMethods[M]['req']): Promise<tl.RpcMethods[M]['res']> {
  return readResult(new TlReader(await client.call(encode(request))), METHODS[request._].result);
}

/**
 * Makes a call and returns the time until the answer arrived, in milliseconds, without the time to decrypt it here. An error also counts as
 * an answer; after FLOOD_WAIT the call waits and is repeated.
 */
export async function timeCall(client: RawClient, body: Uint8Array): Promise<number> {
  for (;;) {
    const at = performance.now();
    try {
      await client.call(body);
    } catch (error) {
      if (!(error instanceof RawClientError)) throw error;
      const wait = /^FLOOD_WAIT_(\d+)$/.exec(error.message)?.[1];
      if (wait !== undefined) {
        await new Promise((resolve) => setTimeout(resolve, Number(wait) * 1000));
        continue;
      }
    }
    return client.arrivedAtMs - at;
  }
}
