// Definition of a golden case.
import type { tl } from '@aerogram/tl';

/** A lowering: the newest object, and what a client of the layer reads. */
export interface GoldenCase {
  layer: number;
  given: tl.AnyObject;
  /** Fields that the layer's own reader must find; `_` is the layer's constructor. */
  sees: object;
}

/** A lift: what a client of an older layer sends, and what handlers get. */
export interface LiftCase {
  layer: number;
  /** In the layer's own schema. */
  sent: { _: string } & Record<string, unknown>;
  becomes: tl.AnyMethod;
}
