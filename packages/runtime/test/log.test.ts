import { describe, expect, it } from 'vitest';
import { createLogger } from '@aerogram/runtime';

function capture(): { lines: Record<string, unknown>[]; log: ReturnType<typeof createLogger>; raw: () => string } {
  const written: string[] = [];
  const log = createLogger({ level: 'trace', destination: { write: (line: string) => void written.push(line) } });
  return {
    log,
    raw: () => written.join(''),
    get lines() {
      return written.map((line) => JSON.parse(line) as Record<string, unknown>);
    },
  };
}

describe('logger', () => {
  it('never writes phones, codes, texts, keys or tokens', () => {
    const out = capture();
    const secret = 'S3CRET';
    out.log.info({ phone_number: secret, code: secret, message: secret, token: secret, req: { phone: secret } }, 'a');
    out.log.child({ part: 'x' }).warn({ authKey: secret, req: { text: secret, password: secret } }, 'b');
    expect(out.raw()).not.toContain(secret);
    expect(out.lines.map((line) => [line['level'], line['msg']])).toEqual([
      ['info', 'a'],
      ['warn', 'b'],
    ]);
  });

  it('keeps every digit of the id of an authorization, as a text', () => {
    const out = capture();
    out.log.info({ userId: 5n, authorization: 9_088_898_403_227_746_452n }, 'a');
    out.log.info({ authorization: undefined }, 'b');
    expect(out.lines).toMatchObject([{ userId: 5, authorization: '9088898403227746452' }, { msg: 'b' }]);
    expect(out.lines[1]).not.toHaveProperty('authorization');
  });

  it('keeps exit codes and codes of RPC errors', () => {
    const out = capture();
    out.log.info({ code: 137 }, 'ended');
    out.log.info({ code: 13_371 }, 'x');
    expect(out.lines.map((line) => line['code'])).toEqual([137, '[redacted]']);
  });

  it('keeps the useful properties of an error and drops the values that drivers attach', () => {
    const out = capture();
    const error = Object.assign(new Error('duplicate key', { cause: new Error('why') }), {
      code: '23505',
      constraint: 'users_phone_key',
      detail: 'Key (phone)=(99966) already exists.',
    });
    out.log.error({ err: error }, 'failed');
    expect(out.raw()).not.toContain('99966');
    expect(out.lines[0]!['err']).toMatchObject({
      type: 'Error',
      message: 'duplicate key',
      code: '23505',
      constraint: 'users_phone_key',
      cause: { message: 'why' },
    });
  });
});
