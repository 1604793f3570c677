import type { CallView, PeerId, ViewPatches } from '../../protocol/index.ts';
import type { Calls } from '../calls/calls.ts';
import type { View } from './view.ts';

/** The call that goes on or rings, and how the last one ended. */
export class OpenCallView implements View<'call'> {
  readonly #calls: Calls;
  #told: CallView | undefined;

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  notice(): void {}

  takePatch(): ViewPatches['call'] | undefined {
    const { view } = this.#calls;
    if (this.#told?.call === view.call && this.#told?.end === view.end) return undefined;
    this.#told = view;
    return view;
  }

  *peersOf({ call }: ViewPatches['call']): Iterable<PeerId> {
    if (call) yield call.peer;
  }

  close(): void {}
}
