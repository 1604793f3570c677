import { z } from 'zod';

import { wireBytes, wireInt, wireUserId } from '../effects/index.ts';

/** The name of the hints between homes that somebody is typing. */
export const TYPING_HINT = 'typing';

/** An interaction with an animated emoji has the longest action. */
const ACTION_MAX_BYTES = 8192;

/** What somebody does in the chat with a person elsewhere. */
export interface TypingHint {
  from: bigint;
  to: bigint;
  /** See `storedEncode`. */
  action: Uint8Array;
  /** Names the message of an interaction in both boxes. */
  globalId?: bigint | undefined;
}

/** Checks what another home has sent. */
export const typingHint: z.ZodType<TypingHint> = z.object({ from: wireUserId, to: wireUserId, action: wireBytes(ACTION_MAX_BYTES), globalId: wireInt.optional() });
