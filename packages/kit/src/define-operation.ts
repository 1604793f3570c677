import type { z } from 'zod';
import type { Kit } from './kit.ts';
import type { TestSet } from './test-set.ts';

/** Where an operation runs. */
export interface OperationCall {
  readonly kit: Kit;
  /** The set that the caller works in: it names people and bots of this set only. */
  readonly set: TestSet;
  /** Fires when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** One operation of the control API: `POST /v1/<name>` with an object as JSON. */
export interface Operation<P extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  readonly name: string;
  /** What it does, in one sentence, for the documentation. */
  readonly summary: string;
  readonly params: P;
  readonly result: R;
  run(call: OperationCall, params: z.output<P>): Promise<z.input<R>>;
}

/** Declares an operation: its name, what goes in and what comes out. The documentation and the OpenAPI file are made of this. */
export function defineOperation<P extends z.ZodType, R extends z.ZodType>(operation: Operation<P, R>): Operation<P, R> {
  return operation;
}
