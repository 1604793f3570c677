import { UPDATE_KINDS, type UpdateKind } from './generated/update-kinds.ts';
import type * as tl from './generated/types/index.ts';

/** Returns which counter an update belongs to; `none` also for updates that only mention a `pts`. */
export function updateKind(name: tl.Update['_']): UpdateKind {
  return UPDATE_KINDS[name].kind;
}
