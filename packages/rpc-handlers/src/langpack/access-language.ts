import type { OfferedLanguage } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';

/**
 * The name of the language pack. Old layers omit it; then it is the one of initConnection.
 * @throws RpcError 400 LANG_PACK_INVALID
 */
export function accessPack(ctx: RpcContext, langPack: string): string {
  const pack = langPack === '' ? (ctx.caller.initConnection?.langPack ?? '') : langPack;
  if (!/^[\w-]{0,64}$/.test(pack)) throw rpcError('LANG_PACK_INVALID');
  return pack;
}

/**
 * The language with this code, or undefined if the server has no texts in it: apps then show their own.
 * @throws RpcError 400 LANG_CODE_INVALID
 */
export function accessLanguage(ctx: RpcContext, langCode: string): OfferedLanguage | undefined {
  if (!/^[\w-]{1,64}$/.test(langCode)) throw rpcError('LANG_CODE_INVALID');
  return ctx.domain.languages.find(langCode);
}
