import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { keysDirectory } from '@aerogram/node';
import { listMetricDefinitions, loadConfig, SETTINGS, VERSION } from '@aerogram/runtime';
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

/** What this test reads of a pod. */
interface Pod {
  enableServiceLinks: boolean;
  containers: { env: { name: string; value?: string; valueFrom?: { fieldRef: { fieldPath: string } } }[]; volumeMounts: { name: string; mountPath: string }[] }[];
  volumes: { name: string }[];
}

/** The queries of a dashboard. */
function listQueries(dashboard: { panels: { targets?: { expr: string }[] }[] }): string[] {
  return dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
}

describe('what is in deploy/', () => {
  test('names settings that exist', () => {
    // AEROGRAM_NODE is for the commands of the package, which start the program.
    const known = new Set([...Object.values(SETTINGS).map(({ env }) => env), 'AEROGRAM_NODE']);
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

  test('the command line tells the log who gives orders', () => {
    const bin = mkdtempSync(join(tmpdir(), 'deploy-'));
    try {
      // In the place of systemd, it prints what it was asked.
      symlinkSync('/bin/echo', join(bin, 'systemd-run'));
      const run = (env: Record<string, string>) => spawnSync('/bin/sh', [join(folder, 'aerogram'), 'user', 'list'], { encoding: 'utf8', env: { PATH: `${bin}:${process.env['PATH']}`, ...env } }).stdout;
      expect(run({ SUDO_USER: 'ann' })).toMatch(/ --setenv=SUDO_USER=ann .* user list\n$/);
      expect(run({})).toContain(` --setenv=SUDO_USER=${userInfo().username} `);
    } finally {
      rmSync(bin, { recursive: true });
    }
  });

  test('names this version', () => {
    for (const name of ['Dockerfile', 'compose.yaml', 'kubernetes/server.yaml', 'kubernetes/nodes.yaml']) expect(read(name).match(/(?<=aerogram:|VERSION=)\d+\.\d+\.\d+/g), name).toEqual([VERSION]);
  });

  test.each(files.filter((name) => name.endsWith('.yaml') || name === 'alerts.yml'))('%s is YAML without errors', (name) => {
    for (const document of parseAllDocuments(read(name))) expect([...document.errors, ...document.warnings]).toEqual([]);
  });

  test('uses the default ports, and probes that the server answers', () => {
    const { port: mtproto, httpPort: http } = loadConfig([], {});
    expect(listPorts(parseAllDocuments(read('kubernetes/server.yaml')).map((document) => document.toJS() as unknown))).toEqual({ ports: { mtproto, http }, probes: ['/healthz', '/readyz', '/healthz'] });
    expect(read('kubernetes/server.yaml')).toContain('enableServiceLinks: false');
    // PostgreSQL wants a user with a name.
    expect(read('Dockerfile')).toMatch(/aerogram:x:(\d+):\1:[^]*\nUSER \1:\1\n/);
    expect(read('Dockerfile')).toContain(`EXPOSE ${mtproto} ${http}\n`);
    expect(read('Dockerfile')).toContain(`http://127.0.0.1:${http}/readyz`);
    expect(read('compose.yaml')).toContain(`- '${mtproto}:${mtproto}'`);
  });

  test('the nodes of Kubernetes have settings that fit together, the ports of the program, and keys where it looks for them', () => {
    const documents = parseAllDocuments(read('kubernetes/nodes.yaml')).map((document) => document.toJS() as Record<string, unknown>);
    const find = (kind: string): Record<string, unknown> => documents.find((document) => document['kind'] === kind)!;
    const deployment = find('Deployment')['spec'] as { selector: { matchLabels: unknown }; template: { metadata: { labels: unknown }; spec: Pod } };
    const { containers: [container], volumes, enableServiceLinks } = deployment.template.spec;
    expect(enableServiceLinks).toBe(false);
    const env = Object.fromEntries(container!.env.map(({ name, value, valueFrom }) => [name, value ?? (valueFrom?.fieldRef.fieldPath === 'status.podIP' ? '10.4.0.7' : '')]));
    const services = { AEROGRAM_DATABASE_URL: 'postgres://db/chat', AEROGRAM_NATS_URL: 'tls://nats', AEROGRAM_S3_ACCESS_KEY: 'a', AEROGRAM_S3_SECRET_KEY: 'b' };
    for (const name of Object.keys(services)) expect(read('kubernetes/nodes.yaml')).toContain(`${name}=`);
    const config = loadConfig(['--data-dir', '/data'], { ...services, ...(find('ConfigMap')['data'] as Record<string, string>), ...env });
    expect(config).toMatchObject({ linkHost: '10.4.0.7', linkPort: 4440, testMode: false });
    expect(listPorts(documents)).toEqual({ ports: { mtproto: config.port, http: config.httpPort, link: config.linkPort }, probes: ['/healthz', '/readyz', '/healthz'] });
    expect(container!.volumeMounts.find(({ name }) => name === 'keys')?.mountPath).toBe(keysDirectory(config.dataDir));
    expect(volumes.map(({ name }) => name).sort()).toEqual(container!.volumeMounts.map(({ name }) => name).sort());
    for (const selector of [find('Service')['spec'], { selector: (find('PodDisruptionBudget')['spec'] as typeof deployment).selector.matchLabels }, { selector: deployment.selector.matchLabels }]) {
      expect((selector as { selector: unknown }).selector).toEqual(deployment.template.metadata.labels);
    }
  });
});
