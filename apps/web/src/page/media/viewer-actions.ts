import type { Message } from '../../protocol/index.ts';

/** What the folders above do with a message that the viewer shows. */
export interface ViewerActions {
  forward(messages: readonly Message[]): Promise<boolean>;
  /** @returns whether they were deleted */
  delete(messages: readonly Message[]): Promise<boolean>;
}

/** Handed in by `app`, because forwarding and deleting belong to the history. */
export const viewerActions: { current?: ViewerActions } = {};
