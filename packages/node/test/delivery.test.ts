import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createLogger } from '@aerogram/runtime';
import { createDelivery } from '../src/delivery/create-delivery.ts';

const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

const NOTHING = { printCodes: 'auto' as const, testMode: true, smtpUrl: undefined, smtpFrom: 'Aerogram <codes@example.org>', codeHookUrl: undefined, codeHookToken: undefined, codeHookWays: ['sms'] as const };
/** A console that is neither a terminal nor the system journal, and a log; both are recorded. */
function kept(console: { isTerminal?: boolean; isJournal?: boolean } = {}) {
  const lines: string[] = [];
  const logged: string[] = [];
  const log = createLogger({ level: 'info', destination: { write: (line) => void logged.push(line) } });
  const write = (line: string): void => void lines.push(line);
  return { lines, logged, deps: { console: { isTerminal: false, isJournal: false, ...console, write }, log } };
}
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

/** A minimal mail server: accepts one message and keeps its lines. @param refusal response to recipients */
async function startMailServer(lines: string[], refusal?: string): Promise<number> {
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
        if (refusal !== undefined && line.startsWith('RCPT')) socket.write(`${refusal}\r\n`);
        else socket.write(line === 'DATA' ? '354 go on\r\n' : '250 fine\r\n');
      }
    });
    socket.on('error', () => socket.destroy());
  };
  return listen(createTcpServer(answer));
}

describe('codes are delivered', () => {
  test('on the console if nothing is configured', async () => {
    const { lines, logged, deps } = kept();
    using delivery = createDelivery(NOTHING, deps);
    await delivery.deliver({ phone: '15550001111', code: '12345', way: 'sms' });
    await delivery.deliverEmail(MAIL);
    expect(lines).toEqual(['log-in code for +15550001111: 12345\n', 'code for pat@example.org: 123456\n']);
    expect(logged).toEqual([]);
  });

  test.each([
    ['in test mode', { testMode: true, printCodes: 'auto' }, {}, true],
    ['in test mode into the journal', { testMode: true, printCodes: 'auto' }, { isJournal: true }, false],
    ['into a file or pipe', { testMode: false, printCodes: 'auto' }, {}, false],
    ['on a terminal', { testMode: false, printCodes: 'auto' }, { isTerminal: true }, true],
    ['where it was asked for', { testMode: false, printCodes: '1' }, { isJournal: true }, true],
    ['on a terminal where it was forbidden', { testMode: true, printCodes: '0' }, { isTerminal: true }, false],
  ] as const)('on the console %s, or stay in the database', async (_name, config, console, prints) => {
    const { lines, logged, deps } = kept(console);
    using delivery = createDelivery({ ...NOTHING, ...config }, deps);
    await delivery.deliver({ phone: '15550001111', code: '12345', way: 'sms' });
    await delivery.deliverEmail(MAIL);
    await delivery.deliver({ phone: '15550001111', code: '12345', way: 'app' });
    expect([lines.length, logged.length]).toEqual(prints ? [3, 0] : [0, 2]);
    expect(logged.join('')).not.toMatch(/12345|1555|pat@/);
  });

  test('by the SMS gateway, unless they go to the account’s devices', async () => {
    const posts: { auth: string | undefined; body: unknown }[] = [];
    let status = 204;
    const server = createServer((request, response) => {
      void readBody(request).then((body) => {
        posts.push({ auth: request.headers.authorization, body: JSON.parse(body) as unknown });
        response.writeHead(status).end();
      });
    });
    const port = await listen(server);
    using delivery = createDelivery({ ...NOTHING, codeHookUrl: `http://127.0.0.1:${port}/sms`, codeHookToken: 'hush', codeHookWays: ['sms', 'call'] }, kept().deps);
    expect(delivery.ways).toEqual(['sms', 'call']);
    await delivery.deliver({ phone: '15550001111', code: '12345', way: 'call' });
    await delivery.deliver({ phone: '15550001111', code: '12345', way: 'app' });
    expect(posts).toEqual([{ auth: 'Bearer hush', body: { phone: '+15550001111', code: '12345', way: 'call' } }]);
    status = 503;
    await expect(delivery.deliver({ phone: '15550001111', code: '12345', way: 'sms' })).rejects.toThrow('503');
    server.closeAllConnections();
    server.close();
    await expect(delivery.deliver({ phone: '15550001111', code: '12345', way: 'sms' })).rejects.toThrow(/^the code gateway was not reached: \w+$/);
  });

  test('by SMTP', async () => {
    const lines: string[] = [];
    const port = await startMailServer(lines);
    using delivery = createDelivery({ ...NOTHING, smtpUrl: `smtp://127.0.0.1:${port}` }, kept().deps);
    await delivery.deliverEmail(MAIL);
    expect(lines).toContain('MAIL FROM:<codes@example.org>');
    expect(lines).toContain('RCPT TO:<pat@example.org>');
    expect(lines).toContain('Your code: 123456');
    expect(lines).toContain('Auto-Submitted: auto-generated');
    expect(lines.find((line) => line.startsWith('Subject: '))).toMatch(/^Subject: =\?UTF-8\?/);
  });

  test('not by a mail server that refuses the address, which the error does not contain', async () => {
    const port = await startMailServer([], '550 nobody here');
    using delivery = createDelivery({ ...NOTHING, smtpUrl: `smtp://127.0.0.1:${port}` }, kept().deps);
    await expect(delivery.deliverEmail(MAIL)).rejects.toThrow(/^the mail server 127\.0\.0\.1:\d+ did not take a mail: \w+ 550$/);
  });

  test('not by a mail server that is away, which the error names with the cause', async () => {
    const server = createServer();
    const port = await listen(server);
    server.close();
    using delivery = createDelivery({ ...NOTHING, smtpUrl: `smtp://user:hunter2@127.0.0.1:${port}` }, kept().deps);
    await expect(delivery.deliverEmail(MAIL)).rejects.toThrow(new RegExp(`^the mail server 127\\.0\\.0\\.1:${port} did not take a mail: \\w+, .*ECONNREFUSED`));
  });
});
