import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';

/** Version of the texts: it grows when one is added or changed. */
export const LANG_PACK_VERSION = 3;

/** Old layers leave the pack out of the request; then it is the one of initConnection. @throws RpcError 400 LANG_PACK_INVALID */
export function accessPack(ctx: RpcContext, langPack: string): string {
  const pack = langPack === '' ? (ctx.caller.initConnection?.langPack ?? '') : langPack;
  if (!/^[\w-]{0,64}$/.test(pack)) throw rpcError('LANG_PACK_INVALID');
  return pack;
}

/** Whether the texts of this language are here; regions of English are English. @throws RpcError 400 LANG_CODE_INVALID */
export function isEnglish(langCode: string): boolean {
  if (!/^[\w-]{1,64}$/.test(langCode)) throw rpcError('LANG_CODE_INVALID');
  return /^en(?:$|[-_])/i.test(langCode);
}
