import { defineCounter, defineGauge } from '@aerogram/runtime';

export const linksUp = defineGauge({ name: 'aerogram_links_up', help: 'Other nodes that this node has a link to.' });
export const linkCalls = defineCounter({
  name: 'aerogram_link_calls_total',
  help: 'Calls to other nodes, by outcome: ok, down, timeout, busy, or what the other node refused with (unknown, failed, refused).',
  labels: ['outcome'],
});
export const linkBytes = defineCounter({ name: 'aerogram_link_bytes_total', help: 'Bytes over links to other nodes, before encryption, by direction.', labels: ['direction'] });
export const linkRefusals = defineCounter({ name: 'aerogram_link_refused_connections_total', help: 'Connections of other nodes, or of strangers, that became no link.' });
