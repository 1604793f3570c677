import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createDelivery } from '../src/delivery/create-delivery.ts';

const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

const NOTHING = { smtpUrl: undefined, smtpFrom: 'Aerogram <codes@example.org>', codeHookUrl: undefined, codeHookToken: undefined, codeHookWays: ['sms'] as const };
const MAIL = { email: 'pat@example.org', code: '123456', subject: 'Ваш код', text: 'Your code: 123456\n' };

async function listen(server: Server): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

/** The least of a mail server: takes one message and keeps its lines. */
async function startMailServer(lines: string[]): Promise<number> {
  const answer = (socket: Socket): void => {
    let inData = false;
    let rest = '';
    socket.write('220 test\r\n');
    socket.on('data', (chunk) => {
      const all = (rest + String(chunk)).split('\r\n');
      rest = all.pop() ?? '';
      for (const line of all) {
        lines.push(line);
        if (inData && line !== '.') continue;
        if (line === 'DATA') inData = true;
        else if (line === '.') inData = false;
        socket.write(line === 'DATA' ? '354 go on\r\n' : '250 fine\r\n');
      }
    });
    socket.on('error', () => socket.destroy());
  };
  return listen(createTcpServer(answer));
}

describe('codes leave the server', () => {
  test('by the console where nothing is configured', async () => {
    const lines: string[] = [];
    using delivery = createDelivery(NOTHING, (line) => void lines.push(line));
    await delivery.deliver({ phone: '15550001111', code: '12345', way: 'sms' });
    await delivery.deliverEmail(MAIL);
    expect(lines).toEqual(['log-in code for +15550001111: 12345\n', 'code for pat@example.org: 123456\n']);
  });

  test('by the gateway of the telephone network, unless they go to the devices', async () => {
    const posts: { auth: string | undefined; body: unknown }[] = [];
    let status = 204;
    const server = createServer((request, response) => {
      void readBody(request).then((body) => {
        posts.push({ auth: request.headers.authorization, body: JSON.parse(body) as unknown });
        response.writeHead(status).end();
      });
    });
    const port = await listen(server);
    using delivery = createDelivery({ ...NOTHING, codeHookUrl: `http://127.0.0.1:${port}/sms`, codeHookToken: 'hush', codeHookWays: ['sms', 'call'] }, () => {});
    expect(delivery.ways).toEqual(['sms', 'call']);
    await delivery.deliver({ phone: '15550001111', code: '12345', way: 'call' });
    await delivery.deliver({ phone: '15550001111', code: '12345', way: 'app' });
    expect(posts).toEqual([{ auth: 'Bearer hush', body: { phone: '+15550001111', code: '12345', way: 'call' } }]);
    status = 503;
    await expect(delivery.deliver({ phone: '15550001111', code: '12345', way: 'sms' })).rejects.toThrow('503');
  });

  test('by SMTP', async () => {
    const lines: string[] = [];
    const port = await startMailServer(lines);
    using delivery = createDelivery({ ...NOTHING, smtpUrl: `smtp://127.0.0.1:${port}` }, () => {});
    await delivery.deliverEmail(MAIL);
    expect(lines).toContain('MAIL FROM:<codes@example.org>');
    expect(lines).toContain('RCPT TO:<pat@example.org>');
    expect(lines).toContain('Your code: 123456');
    expect(lines).toContain('Auto-Submitted: auto-generated');
    expect(lines.find((line) => line.startsWith('Subject: '))).toMatch(/^Subject: =\?UTF-8\?/);
  });
});
