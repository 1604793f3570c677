import { defineCounter, defineGauge } from '@aerogram/runtime';

export const nodeMessages = defineCounter({
  name: 'aerogram_cdn_node_messages_total',
  help: 'Messages of the server to CDN nodes, by kind and outcome: ok, full, forgotten, or failed.',
  labels: ['kind', 'outcome'],
});
export const knownNodes = defineGauge({
  name: 'aerogram_cdn_nodes',
  help: 'CDN nodes that the operator has added, by state: alive (they answered within the last 30 s) or away.',
  labels: ['state'],
});
