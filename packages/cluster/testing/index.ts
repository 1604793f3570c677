export { FakeNetwork } from './fake-network.ts';
export { type Crossing, type CrossingKind, findCrossings, homeOfTestPhone, meterHomes } from './homes-meter.ts';
export { TABLE_OWNERS } from './table-owners.ts';
