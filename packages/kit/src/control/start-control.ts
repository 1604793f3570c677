import type { Logger } from '@aerogram/runtime';
import type { Operation } from '../define-operation.ts';
import type { Kit } from '../kit.ts';

export interface ControlOptions {
  kit: Kit;
  operations: readonly Operation[];
  secret?: string;
  log: Logger;
}

/** The control API of a kit, as it runs. */
export interface Control {
  readonly url: string;
  readonly secret: string;
  stop(): Promise<void>;
}

/** Opens the control API. Another part of the kit has it. */
export function startControl(_options: ControlOptions): Promise<Control> {
  return Promise.reject(new Error('the kit has no control API yet'));
}
