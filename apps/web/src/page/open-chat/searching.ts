import { signal } from '@preact/signals';
import type { PeerId } from '../../protocol/index.ts';

/** The open chat in which somebody searches, with a field above its messages. */
export const searchedChat = signal<PeerId | undefined>(undefined);
