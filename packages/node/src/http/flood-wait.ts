import type { RpcError } from '@aerogram/errors';

/** The seconds that a FLOOD_WAIT tells to wait; a minute for another refusal of this kind. Pure. */
export const floodWaitOf = ({ text }: Pick<RpcError, 'text'>): number => Number(/\d+$/.exec(text)?.[0] ?? 60);
