import { expect, it } from 'vitest';
import { readAddress, TrustedProxies } from '@aerogram/runtime';

it('contains addresses and networks of both families, however they are written', () => {
  const proxies = new TrustedProxies([{ address: '192.0.2.7', prefix: 32 }, { address: '10.4.0.0', prefix: 14 }, { address: '2001:db8:1::', prefix: 48 }, { address: '::1', prefix: 128 }]);
  for (const inside of ['192.0.2.7', '::ffff:192.0.2.7', '::ffff:c000:207', '10.4.0.0', '10.7.255.255', '2001:db8:1::5', '2001:0DB8:0001:ffff::', '::1', '0:0:0:0:0:0:0:1']) {
    expect([inside, proxies.has(inside)]).toEqual([inside, true]);
  }
  for (const outside of ['192.0.2.8', '10.3.255.255', '10.8.0.0', '::ffff:10.8.0.0', '2001:db8:2::', '::2', '::192.0.2.7', '2001:db8:1::5%eth0', 'localhost', '', undefined]) {
    expect([outside, proxies.has(outside)]).toEqual([outside, false]);
  }
});

it('contains nothing by default', () => {
  for (const address of ['127.0.0.1', '::1', '0.0.0.0']) expect(new TrustedProxies([]).has(address)).toBe(false);
});

it('reads addresses in one spelling', () => {
  const spellings = {
    '192.0.2.1': ['192.0.2.1', '::ffff:192.0.2.1', '::FFFF:c000:201', '0:0:0:0:0:ffff:192.0.2.1'],
    '2001:db8::1': ['2001:db8::1', '2001:0DB8:0:0::0001'],
    '::': ['::', '0::0'],
  };
  for (const [usual, all] of Object.entries(spellings)) for (const text of all) expect([text, readAddress(text)]).toEqual([text, usual]);
  for (const text of ['', '1.2.3', '1.2.3.04', '256.0.0.1', 'fe80::1%eth0', '[::1]', 'localhost', '1.2.3.4 ']) expect([text, readAddress(text)]).toEqual([text, undefined]);
});
