import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { Params } from '../params/params.ts';

/** The set that the parameter `name` names. @throws RpcError STICKERSET_INVALID if there is none */
export function readSetName(params: Pick<Params<'name'>, 'text'>): tl.inputStickerSetShortName {
  const name = params.text('name').trim();
  if (name === '') throw rpcError('STICKERSET_INVALID');
  return { _: 'inputStickerSetShortName', short_name: name };
}
