import { encode, encodeResult, LAYER, METHODS, NOT_REPRESENTABLE, NotRepresentable, TlError, TlWriter, writeResult, type tl } from '@aerogram/tl';
import { RESULTS } from './converters/results.ts';
import { METHOD_RESULTS, OLDER_LAYERS } from './generated/layers.ts';
import { buildLayerWriters, ruleAt } from './layer-writers.ts';

/** Encodes answers and updates in one layer. */
export interface LayerCodec {
  /** The layer in which it encodes. */
  readonly layer: number;
  /**
   * Encodes a constructor. Fields that the layer does not have are left out, constructors that it does not have are replaced.
   * @throws `TlError` (`not_representable`) when the layer cannot express the object
   */
  encode(value: tl.AnyObject): Uint8Array;
  /** Encodes the result of a method; `method` is its name in the newest layer, whatever name the client used. */
  encodeResult<M extends keyof tl.RpcMethods>(method: M, value: tl.RpcMethods[M]['res']): Uint8Array;
}

type Convert = (value: never) => unknown;

class OlderCodec implements LayerCodec {
  readonly layer: number;
  readonly #writer: TlWriter;
  readonly #results: ReadonlyMap<string, { type: string; convert: Convert }>;

  constructor(layer: number) {
    this.layer = layer;
    this.#writer = new TlWriter({ table: buildLayerWriters(layer), lossy: true });
    const converters = new Map<string, Convert>(Object.entries(RESULTS));
    this.#results = new Map(Object.entries(METHOD_RESULTS).flatMap(([method, steps]) => {
      const type = ruleAt(layer, steps);
      const now = METHODS[method as keyof tl.RpcMethods].result;
      return type === 'newest' ? [] : [[method, { type, convert: converters.get(`${now} → ${type}`)! }]];
    }));
  }

  encode(value: tl.AnyObject): Uint8Array {
    return this.#write(value._, (w) => w.boxed(value));
  }

  encodeResult<M extends keyof tl.RpcMethods>(method: M, value: tl.RpcMethods[M]['res']): Uint8Array {
    const result = this.#results.get(method);
    return this.#write(method, (w) => {
      if (!result) return writeResult(w, METHODS[method].result, value);
      const converted = result.convert(value as never);
      if (converted === undefined) throw NOT_REPRESENTABLE;
      writeResult(w, result.type, converted);
    });
  }

  #write(what: string, write: (w: TlWriter) => void): Uint8Array {
    this.#writer.reset();
    try {
      write(this.#writer);
    } catch (error) {
      // The shared instance contains no details, so an error with the name and layer is thrown instead.
      const failure = error instanceof NotRepresentable ? new TlError('not_representable', `${what} at layer ${this.layer}`) : error;
      if (failure instanceof TlError) failure.writtenBytes = this.#writer.pos;
      throw failure;
    }
    return this.#writer.take();
  }
}

const newest: LayerCodec = { layer: LAYER, encode, encodeResult };
const built = new Map<number, LayerCodec>();

/** Returns the layer in which a client of some layer is served: the nearest known one that is not higher, otherwise the oldest. */
export function servedLayer(layer: number): number {
  if (layer >= LAYER) return LAYER;
  return OLDER_LAYERS.find((known) => known <= layer) ?? OLDER_LAYERS.at(-1)!;
}

/** Returns the codec for a client of some layer; see {@link servedLayer}. Codecs are created on first use and kept, one per known layer. */
export function codecFor(layer: number): LayerCodec {
  const served = servedLayer(layer);
  if (served === LAYER) return newest;
  let codec = built.get(served);
  if (!codec) {
    codec = new OlderCodec(served);
    built.set(served, codec);
  }
  return codec;
}
