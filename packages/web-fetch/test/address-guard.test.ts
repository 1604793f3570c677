import { describe, expect, test } from 'vitest';

import { createAddressGuard, isPublicAddress, listOwnNetworks } from '../src/address-guard.ts';

const PUBLIC = [
  '1.1.1.1', '8.8.8.8', '9.255.255.255', '11.0.0.0', '93.184.215.14', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.0',
  '168.63.129.15', '168.63.129.17', '169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0', '192.0.1.0', '192.0.3.0', '192.167.255.255',
  '192.169.0.0', '198.17.255.255', '198.20.0.0', '198.51.99.255', '198.51.101.0', '203.0.112.255', '203.0.114.0', '223.255.255.255',
  '2606:4700:4700::1111', '2001:4860:4860::8888', '2001:200::', '2a00:1450:4001:80b::200e', '2400:cb00::', '3ffe::1',
  // The same addresses inside IPv6.
  '::ffff:8.8.8.8', '::ffff:808:808', '::FFFF:1.1.1.1', '64:ff9b::8.8.8.8', '64:ff9b::808:808',
];

const CLOSED = [
  // This machine and network.
  '0.0.0.0', '0.1.2.3', '127.0.0.1', '127.1.2.3', '127.255.255.255', '255.255.255.255',
  '10.0.0.0', '10.255.255.255', '172.16.0.0', '172.31.255.255', '192.168.0.0', '192.168.255.255', '100.64.0.0', '100.127.255.255',
  // Link local, and metadata services of clouds.
  '169.254.0.0', '169.254.169.254', '169.254.170.2', '169.254.255.255', '100.100.100.200', '192.0.0.192', '168.63.129.16', 'fd00:ec2::254', 'fe80::a9fe:a9fe',
  // Documentation, benchmarks, multicast, reserved.
  '192.0.0.0', '192.0.0.8', '192.0.2.1', '192.31.196.1', '192.52.193.1', '192.88.99.1', '192.175.48.1', '198.18.0.0', '198.19.255.255', '198.51.100.7', '203.0.113.9',
  '224.0.0.1', '239.255.255.255', '240.0.0.1', '254.1.1.1',
  '::', '::1', '0:0:0:0:0:0:0:1', '::2', '::127.0.0.1', '::7f00:1', '100::1', '2001::1', '2001:0:4136:e378::', '2001:2::1', '2001:10::1', '2001:20::1', '2001:1ff:ffff::1',
  '2001:db8::1', '2001:db8:ffff::', '2002:7f00:1::', '2002:a00:1::1', '2002:808:808::', '2620:4f:8000::1', '3fff::1', '3fff:fff::1', '4000::1', '5f00::1', '1fff::1',
  'fc00::1', 'fdff:ffff::1', 'fe80::1', 'febf::1', 'fec0::1', 'ff02::1', 'ff0e::1', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  // Refused addresses in other notations.
  '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '::ffff:169.254.169.254', '::ffff:a9fe:a9fe', '0:0:0:0:0:ffff:c0a8:101', '::ffff:0:0', '::ffff:100.64.0.1',
  '64:ff9b::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b::10.1.2.3', '64:ff9b::a9fe:a9fe', '64:ff9b:1::8.8.8.8', '64:ff9b:1::1', '::ffff:0:8.8.8.8', '64:ff9b:0:1::808:808',
  // With a zone, or not an address.
  'fe80::1%eth0', '2606:4700::1%1', '', 'localhost', 'example.org', '8.8.8', '8.8.8.8.8', '08.8.8.8', '0x7f.1', '2130706433', '1.1.1.1:80', '[::1]', '::g', '1::2::3', ' 8.8.8.8',
];

describe('addresses of the public internet', () => {
  test.each(PUBLIC)('include %s', (address) => expect(isPublicAddress(address)).toBe(true));
  test.each(CLOSED)('do not include "%s"', (address) => expect(isPublicAddress(address)).toBe(false));
});

describe('other notations of addresses in URLs', () => {
  test.each(['http://2130706433/', 'http://0x7f000001/', 'http://0177.0.0.1/', 'http://127.1/', 'http://0/', 'http://①②⑦.⓪.⓪.①/', 'http://127.0.0.1./', 'http://%31%32%37.0.0.1/', 'http://[::ffff:7f00:1]/', 'http://[::]/'])(
    '%s is closed',
    (url) => expect(isPublicAddress(new URL(url).hostname.replace(/^\[|\]$|\.$/g, ''))).toBe(false),
  );
});

describe('a guard', () => {
  const guard = createAddressGuard({ allowed: [{ address: '127.0.0.2', prefix: 32 }, { address: 'fd00::', prefix: 16 }], own: () => ['8.8.4.4', '2606:4700::9'] });

  test('allows public addresses except the machine’s own', () => {
    expect(['8.8.8.8', '::ffff:8.8.8.8', '2606:4700::8'].map(guard)).toEqual([true, true, true]);
    expect(['8.8.4.4', '::ffff:8.8.4.4', '64:ff9b::808:404', '2606:4700::9'].map(guard)).toEqual([false, false, false, false]);
  });

  test('allows configured networks and nothing next to them', () => {
    expect(['127.0.0.2', '::ffff:127.0.0.2', 'fd00::1'].map(guard)).toEqual([true, true, true]);
    expect(['127.0.0.1', '127.0.0.3', 'fd01::1', 'fd00::1%lo', 'localhost', ''].map(guard)).toEqual([false, false, false, false, false, false]);
  });
});

test('the networks of this machine are those of its interfaces that have neighbours', () => {
  const networks = listOwnNetworks({ eth0: [{ cidr: '203.0.114.7/24' }, { cidr: '2606:4700::7/64' }], wide: [{ cidr: '9.9.9.9/8' }, { cidr: '2a00::1/12' }], odd: [{ cidr: null }] });
  expect(['203.0.114.200', '::ffff:203.0.114.200', '203.0.115.1', '9.9.9.10'].map((address) => networks.check(address, address.includes(':') ? 'ipv6' : 'ipv4'))).toEqual([true, true, false, false]);
  expect(['2606:4700::ffff', '2606:4700:0:1::1', '2a00::2'].map((address) => networks.check(address, 'ipv6'))).toEqual([true, false, false]);
});
