import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { indexSchema, LAYERS, namedTypes, parseSchema, planCompat, type Entry } from '@aerogram/tl-codegen';

const schemaFile = (name: string) => readFileSync(fileURLToPath(new URL(`../../schema/${name}`, import.meta.url)), 'utf8');
const load = (layer: number) => indexSchema(layer, parseSchema(schemaFile(`api-${layer}.tl`)));

/** The text for the checksum: no id, no flags of type `true`, `bytes` as `string`, no brackets. */
function summedText({ line }: Entry): string {
  return line.replace(/#[0-9a-f]{8}/, '').replace(/;$/, '').replaceAll(/ \w+:flags\d*\.\d+\?true\b/g, '')
    .replaceAll(':bytes', ':string').replaceAll('?bytes', '?string').replaceAll('<', ' ').replaceAll(/[>{}]/g, '');
}

/** Constructors whose authors chose an id that is not the checksum of the text. */
const LEGACY = ['inputPeerPhotoFileLocationLegacy', 'inputStickerSetThumbLegacy'];
/** The emergency configuration, which is not part of the API and uses different brackets. */
const EMERGENCY = ['accessPointRule', 'help.configSimple', 'ipPortSecret'];
const NEVER_MATCHED: Record<number, string[]> = {
  229: LEGACY, 228: LEGACY, 227: LEGACY, 225: LEGACY, 223: LEGACY, 221: LEGACY, 220: LEGACY, 218: LEGACY,
  216: [...LEGACY, ...EMERGENCY], 204: [...LEGACY, ...EMERGENCY], 189: [...LEGACY, ...EMERGENCY], 185: [...LEGACY, ...EMERGENCY],
};

describe('schema files', () => {
  it('contain 813 methods at layer 229', () => {
    expect(load(229).entries.filter((e) => e.kind === 'method')).toHaveLength(813);
  });

  it.each(LAYERS)('layer %i: ids are the CRC32 of the text, with named exceptions', (layer) => {
    const odd = load(layer).entries.filter((e) => crc32(summedText(e)) !== e.id).map((e) => e.name);
    expect(odd.sort()).toEqual([...(NEVER_MATCHED[layer] ?? [])].sort());
  });

  it('service schema: ids are the CRC32 of the text', () => {
    const odd = parseSchema(schemaFile('mtproto.tl')).filter((e) => crc32(summedText(e)) !== e.id).map((e) => e.name);
    expect(odd).toEqual([]);
  });

  it.each(LAYERS)('layer %i: every named type has a constructor', (layer) => {
    const schema = load(layer);
    const named = new Set(schema.entries.flatMap((e) => e.params.flatMap((p) => namedTypes(p.type))));
    expect([...named].filter((t) => !schema.types.has(t))).toEqual([]);
  });

  it('know each error that a method may return, and facts about each method', () => {
    const errors = new Set((JSON.parse(schemaFile('errors.json')) as { name: string }[]).map((e) => e.name));
    const facts = JSON.parse(schemaFile('methods.json')) as Record<string, { errors: string[] }>;
    expect(Object.keys(facts).sort()).toEqual(load(LAYERS[0]!).entries.filter((e) => e.kind === 'method').map((e) => e.name).sort());
    expect(Object.values(facts).flatMap((f) => f.errors).filter((e) => !errors.has(e))).toEqual([]);
  });
});

describe('plan of differences', () => {
  const none = { lowerings: new Set<string>(), fields: new Set<string>(), lifts: new Set<string>() };
  const schema = (layer: number, media: string) => indexSchema(layer, parseSchema(`---types---\n${media} = Media;\nupdates#00000001 media:Media = Updates;\n\n---functions---\ngetIt#00000002 = Updates;\n`));

  it('requires a decision if a form that only servers send has changed', () => {
    const plan = () => planCompat(schema(229, 'media#0000000b name:string size:long'), [schema(227, 'media#0000000a title:string size:long')], none);
    expect(plan).toThrow(/lower media#0000000a or media#0000000a.title by hand: string, required, is gone/);
    expect(plan).not.toThrow(/lift media#0000000a/);
  });

  it('requires a way to read stored objects, also in forms that no client sends', () => {
    const plan = () => planCompat(schema(229, 'media#0000000b name:string size:long'), [schema(228, 'media#0000000a title:string size:long')], none);
    expect(plan).toThrow(/lift media#0000000a by hand: name:string is required now; title:string would be lost/);
  });
});
