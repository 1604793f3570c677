import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';

/** Version of the texts: it grows when some are added. */
export const LANG_PACK_VERSION = 1;

/** Old layers leave the pack out of the request; then it is the one of initConnection. @throws RpcError 400 LANG_PACK_INVALID, LANG_CODE_INVALID */
export function checkLangPack(ctx: RpcContext, langPack: string, langCode: string): void {
  const pack = langPack === '' ? (ctx.caller.initConnection?.langPack ?? '') : langPack;
  if (!/^[\w-]{0,64}$/.test(pack)) throw rpcError('LANG_PACK_INVALID');
  if (!/^[\w-]{1,64}$/.test(langCode)) throw rpcError('LANG_CODE_INVALID');
}
