import type { PeerId } from '../../protocol/index.ts';
import type { Database } from '../store/database.ts';
import type { OneCall } from './one-call.ts';

/** A call as it is kept for a reload: the server does not tell a device again of a call that rings there already. */
export interface KeptCall {
  /** Id and access hash, as the server names it. */
  id: string;
  accessHash: string;
  peer: PeerId;
  hash: Uint8Array | undefined;
  isVideo: boolean;
  heardAt: number;
  isTalking?: boolean;
}

interface KeptCalls {
  ringing: KeptCall[];
  /** That which was begun or answered in a page. */
  open?: KeptCall | undefined;
}

const KEY = 'calls';

/** Keeps which calls go on. */
export function keepCalls(database: Database, { current, ringing }: { current: OneCall | undefined; ringing: readonly OneCall[] }): void {
  const open = current && keptOf(current)[0];
  const kept: KeptCalls = { ringing: ringing.flatMap(keptOf), ...(open ? { open } : {}) };
  if (open || kept.ringing.length > 0) database.put('session', KEY, kept);
  else database.delete('session', KEY);
  void database.flush();
}

/** What went on when the last worker ended. */
export async function takeKeptCalls(database: Database): Promise<KeptCalls> {
  return (await database.get<KeptCalls>('session', KEY)) ?? { ringing: [] };
}

function keptOf({ ref, shown: { peer, isVideo, stage }, hash, heardAt }: OneCall): KeptCall[] {
  if (!ref) return [];
  return [{ id: ref.id.toString(), accessHash: ref.accessHash.toString(), peer, hash, isVideo, heardAt, isTalking: stage === 'talking' || stage === 'exchanging' }];
}
