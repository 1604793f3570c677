import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { loadConfig, SETTINGS, VERSION } from '@aerogram/runtime';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';

const root = findRepositoryRoot();
const folder = join(root, 'deploy');
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

/** Container ports by name, and paths of probes, wherever they stand in a file of Kubernetes. */
function listPorts(value: unknown): { ports: Record<string, number>; probes: string[] } {
  const found: { ports: Record<string, number>; probes: string[] } = { ports: {}, probes: [] };
  const visit = (each: unknown): void => {
    if (typeof each !== 'object' || each === null) return;
    const fields = each as Record<string, unknown>;
    if (typeof fields['containerPort'] === 'number') found.ports[String(fields['name'])] = fields['containerPort'];
    if (typeof fields['path'] === 'string') found.probes.push(fields['path']);
    Object.values(fields).forEach(visit);
  };
  visit(value);
  return found;
}

describe('what is in deploy/', () => {
  test('names settings that exist', () => {
    const known = new Set(Object.values(SETTINGS).map(({ env }) => env));
    const named = files.flatMap((name) => (read(name).match(/\bAEROGRAM_[A-Z0-9_]+/g) ?? []).map((env) => [name, env] as const));
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter(([, env]) => !known.has(env))).toEqual([]);
  });

  test('names this version', () => {
    for (const name of ['Dockerfile', 'compose.yaml', 'kubernetes/server.yaml']) expect(read(name).match(/(?<=aerogram:|VERSION=)\d+\.\d+\.\d+/g), name).toEqual([VERSION]);
  });

  test.each(files.filter((name) => name.endsWith('.yaml')))('%s is YAML without errors', (name) => {
    for (const document of parseAllDocuments(read(name))) expect([...document.errors, ...document.warnings]).toEqual([]);
  });

  test('uses the default ports, and probes that the server answers', () => {
    const { port: mtproto, httpPort: http } = loadConfig([], {});
    expect(listPorts(parseAllDocuments(read('kubernetes/server.yaml')).map((document) => document.toJS() as unknown))).toEqual({ ports: { mtproto, http }, probes: ['/healthz', '/readyz', '/healthz'] });
    expect(read('kubernetes/server.yaml')).toContain('enableServiceLinks: false');
    expect(read('Dockerfile')).toContain(`EXPOSE ${mtproto} ${http}\n`);
    expect(read('Dockerfile')).toContain(`http://127.0.0.1:${http}/readyz`);
    expect(read('compose.yaml')).toContain(`- '${mtproto}:${mtproto}'`);
  });
});
