import { expect, test } from 'vitest';
import { readQuality } from '../../src/call-media/quality.ts';

/** Statistics of a connection, as browsers give them. */
const stats = (packetsReceived: number, packetsLost: number, currentRoundTripTime: number, candidateType = 'host'): [string, unknown][] => [
  ['T', { type: 'transport', selectedCandidatePairId: 'P' }],
  ['P', { type: 'candidate-pair', state: 'succeeded', nominated: true, currentRoundTripTime, localCandidateId: 'L', remoteCandidateId: 'R' }],
  ['L', { type: 'local-candidate', candidateType: 'host' }],
  ['R', { type: 'remote-candidate', candidateType }],
  ['I', { type: 'inbound-rtp', packetsReceived, packetsLost }],
];

test('the quality of a call comes from what was lost since the last look, and from how long an answer takes', () => {
  const before = { received: 1000, lost: 500 };
  expect(readQuality(stats(1100, 500, 0.05), before)).toEqual({ quality: 4, isRelayed: false, counts: { received: 1100, lost: 500 } });
  expect(readQuality(stats(1100, 505, 0.05, 'relay'), before)).toMatchObject({ quality: 3, isRelayed: true });
  expect([readQuality(stats(1100, 500, 0.8), before), readQuality(stats(1100, 550, 0.05), before)]).toMatchObject([{ quality: 2 }, { quality: 1 }]);
  expect([readQuality(stats(1000, 500, 0.05), before), readQuality([], { received: 0, lost: 0 })]).toMatchObject([{ quality: 0 }, { quality: 0 }]);
});
