import { gzipSync } from 'node:zlib';
import { encode, mtEncode, type tl } from '@aerogram/tl';
import { LAYERS, typeText, type Entry } from '@aerogram/tl-codegen';
import { readRequest } from '@aerogram/tl-compat';
import { describe, expect, it } from 'vitest';
import { RandomObjects } from './random-object.ts';
import { writeBySchema } from './schema-writer.ts';
import { loadSchema } from './schemas.ts';

const SEED = Number(process.env.SEED ?? 20250103);
const ROUNDS = Number(process.env.ROUNDS ?? 2);
const newest = loadSchema(LAYERS[0]!);

/** Fields that both forms have and that contain no constructor: lifting must not change them. */
function plainFields(old: Entry, now: Entry): string[] {
  return old.params.filter((p) => {
    const same = now.params.find((q) => q.name === p.name && typeText(q.type) === typeText(p.type));
    return same && !(p.flag && !same.flag) && p.type.kind !== 'flags' && p.type.kind !== 'boxed' && p.type.kind !== 'query' && !(p.type.kind === 'vector' && p.type.item.kind === 'boxed');
  }).map((p) => p.name);
}

describe(`random requests of clients, seed ${SEED}`, () => {
  it.each(LAYERS)('layer %i: every method is read completely, and plain fields are kept', (layer) => {
    const schema = loadSchema(layer);
    const random = new RandomObjects(schema, SEED + layer);
    for (let round = 0; round < ROUNDS; round++) {
      for (const method of schema.entries.filter((e) => e.kind === 'method')) {
        const sent = random.object(method, 5) as Record<string, unknown> & { _: string };
        const request = readRequest(writeBySchema(schema, sent)) as unknown as Record<string, unknown> & { _: string };
        const now = newest.byName.get(request._);
        if (!now) {
          expect(request._).toMatch(/#[0-9a-f]{8}$/);
          continue;
        }
        const kept = plainFields(method, now);
        const pick = (o: Record<string, unknown>) => Object.fromEntries(kept.map((name) => [name, o[name]]));
        expect({ _: method.name, ...pick(request) }).toEqual({ _: method.name, ...pick(sent) });
      }
    }
  });

  it('keeps the request inside wrappers', () => {
    const query: tl.invokeWithLayer = {
      _: 'invokeWithLayer', layer: 144,
      query: { _: 'initConnection', api_id: 1, device_model: 'd', system_version: 's', app_version: 'a', system_lang_code: 'en', lang_pack: '', lang_code: 'en', query: { _: 'help.getConfig' } },
    };
    expect(readRequest(writeBySchema(loadSchema(144), query))).toEqual(query);
  });

  it('unpacks a request that was packed inside its wrappers, once and with a limit', () => {
    const pack = (bytes: Uint8Array) => mtEncode({ _: 'gzip_packed', packed_data: gzipSync(bytes) });
    const wrapped = (query: Uint8Array) => Buffer.concat([encode({ _: 'invokeWithoutUpdates', query: { _: 'help.getConfig' } }).subarray(0, 4), query]);
    const send: tl.messages.sendMessage = { _: 'messages.sendMessage', peer: { _: 'inputPeerSelf' }, message: 'a'.repeat(2000), random_id: 1n };
    const packed = pack(encode(send));
    expect(readRequest(wrapped(packed))).toEqual({ _: 'invokeWithoutUpdates', query: send });
    expect(() => readRequest(wrapped(pack(packed)))).toThrow(/unknown_constructor/);
    expect(() => readRequest(pack(new Uint8Array(3 << 20)))).toThrow(/bad_value/);
    expect(() => readRequest(mtEncode({ _: 'gzip_packed', packed_data: Uint8Array.of(1, 2, 3) }))).toThrow(/bad_value/);
    expect(() => readRequest(pack(Buffer.concat([encode(send), Buffer.alloc(4)])))).toThrow(/trailing_bytes/);
  });

  it('refuses a constructor that is not a method, and left-over bytes', () => {
    const user = writeBySchema(newest, { _: 'inputUserSelf' });
    expect(() => readRequest(user)).toThrow(/wrong_type/);
    expect(() => readRequest(Buffer.from('00000000', 'hex'))).toThrow(/unknown_constructor/);
    expect(() => readRequest(Buffer.concat([writeBySchema(newest, { _: 'help.getConfig' }), Buffer.alloc(4)]))).toThrow(/trailing_bytes/);
  });
});
