// What a golden case says.
import type { tl } from '@aerogram/tl';

/** A lowering: what is given, and what a client of the layer sees. */
export interface GoldenCase {
  layer: number;
  given: tl.AnyObject;
  /** Fields that the layer's own reader must find; `_` is the layer's constructor. */
  sees: object;
}

/** A lift: what a client of an older layer sends, and what handlers see. */
export interface LiftCase {
  layer: number;
  /** As the layer's own schema has it. */
  sent: { _: string } & Record<string, unknown>;
  becomes: tl.AnyMethod;
}
