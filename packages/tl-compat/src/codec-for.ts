import { encode, encodeResult, LAYER, type tl } from '@aerogram/tl';

/** Writes answers and updates as one layer has them. */
export interface LayerCodec {
  /** The layer that is written. */
  readonly layer: number;
  /** Bytes of a constructor; throws `TlError` when the layer has nothing to say it with. */
  encode(value: tl.AnyObject): Uint8Array;
  /** Bytes of what a method answers. */
  encodeResult<M extends keyof tl.RpcMethods>(method: M, value: tl.RpcMethods[M]['res']): Uint8Array;
}

const newest: LayerCodec = { layer: LAYER, encode, encodeResult };

/** The codec for a client of some layer: that of the nearest known lower one. */
export function codecFor(_layer: number): LayerCodec {
  return newest;
}
