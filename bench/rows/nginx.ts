import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort, NGINX, NginxProcess, writeNginxConfiguration } from '@aerogram/dev-env/load';
import { BOUNDS, ratioTo } from '../bounds.ts';
import { sendInTurns, WARM_UP } from '../in-turns.ts';
import type { BenchOptions } from '../measure.ts';
import type { Row } from '../row.ts';
import { withServer } from '../server-bench.ts';

const SENDERS = 64;
/** What the server carries with ease: the time of a delivery is compared. */
const PER_SECOND = 500;

/** The same sends over direct connections, and through nginx as in deploy/nginx.conf, which tells the clients' addresses by the PROXY protocol; in turns. */
export async function benchNginx(options: BenchOptions): Promise<Row[]> {
  if (!existsSync(NGINX)) return [{ name: 'skipped: nginx of Debian is not installed' }];
  const folder = mkdtempSync(join(tmpdir(), 'aerogram-bench-nginx-'));
  try {
    return await withServer({ profileDir: options.profileDir }, (direct) =>
      withServer({ profileDir: options.profileDir, env: { AEROGRAM_TRUSTED_PROXIES: '127.0.0.2', AEROGRAM_TEST_MODE: 'force' } }, async (behind) => {
        const { info } = behind.server;
        const port = await findFreePort();
        const file = writeNginxConfiguration(folder, 'nginx.conf', {
          '127.0.0.1:4430': `127.0.0.1:${info.mtproto.port}`,
          '127.0.0.1:8080': `127.0.0.1:${info.http.port}`,
          'listen 4431;': `listen 127.0.0.1:${port};`,
          'listen 80;': `listen 127.0.0.1:${await findFreePort()};`,
          'listen 443 ssl;': `listen 127.0.0.1:${await findFreePort()};`,
          'ssl_certificate /etc/nginx/tls/fullchain.pem;': '',
          'ssl_certificate_key /etc/nginx/tls/privkey.pem;': '',
        });
        await using _nginx = await NginxProcess.start(file, port);
        const through = { ...info, mtproto: { ...info.mtproto, port } };
        for (const [{ generator }, server] of [[direct, direct.server.info], [behind, through]] as const) await generator.run({ do: 'sign-up', server, accounts: SENDERS * 2 });
        const ways = [{ name: 'direct', bench: direct }, { name: 'through nginx', bench: behind }] as const;
        const rows = await sendInTurns(ways, { what: `64 → 64 at ${PER_SECOND}/s`, senders: SENDERS, pace: { perSecond: PER_SECOND }, warmUp: WARM_UP }, options);
        return [...rows, { name: `through nginx / direct, medians of ${options.pairs} pairs`, ratios: [ratioTo(BOUNDS.nginxP50, rows[1].p50Ms ?? 0, rows[0].p50Ms ?? 0)] }];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
