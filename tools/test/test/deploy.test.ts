import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { listMetricDefinitions, loadConfig, SETTINGS, VERSION } from '@aerogram/runtime';
// Loads every module that declares metrics.
import '@aerogram/node';
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

/** The queries of a dashboard. */
function listQueries(dashboard: { panels: { targets?: { expr: string }[] }[] }): string[] {
  return dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
}

describe('what is in deploy/', () => {
  test('names settings that exist', () => {
    const known = new Set(Object.values(SETTINGS).map(({ env }) => env));
    const named = files.flatMap((name) => (read(name).match(/\bAEROGRAM_[A-Z0-9_]+/g) ?? []).map((env) => [name, env] as const));
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter(([, env]) => !known.has(env))).toEqual([]);
  });

  test('names metrics that exist, with labels that they have', () => {
    const known = new Map(listMetricDefinitions().map((one) => [one.name, one]));
    const added = ['process', 'job', 'instance', 'le'];
    const query = /\b(aerogram_[a-z0-9_]+)(?:\{([^}]*)\})?/g;
    for (const name of ['alerts.yml', 'grafana.json']) {
      const queries = name === 'alerts.yml' ? read(name).match(/(?<=expr: ).*/g)! : listQueries(JSON.parse(read(name)) as Parameters<typeof listQueries>[0]);
      const used = queries.flatMap((words) => [...words.matchAll(query)]);
      expect(used.length).toBeGreaterThan(20);
      for (const [, metric = '', labels = ''] of used) {
        const definition = known.get(metric) ?? known.get(metric.replace(/_bucket$/, ''));
        expect([name, metric, definition !== undefined]).toEqual([name, metric, true]);
        expect([metric, metric.endsWith('_bucket')]).toEqual([metric, definition!.kind === 'histogram']);
        const named = [...labels.matchAll(/(\w+)[!=]=?~?"/g)].map(([, label]) => label!);
        expect([metric, named.filter((label) => !added.includes(label) && !definition!.labels.includes(label))]).toEqual([metric, []]);
      }
    }
  });

  test('names this version', () => {
    for (const name of ['Dockerfile', 'compose.yaml', 'kubernetes/server.yaml']) expect(read(name).match(/(?<=aerogram:|VERSION=)\d+\.\d+\.\d+/g), name).toEqual([VERSION]);
  });

  test.each(files.filter((name) => name.endsWith('.yaml') || name === 'alerts.yml'))('%s is YAML without errors', (name) => {
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
