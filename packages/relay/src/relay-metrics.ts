import { defineGauge } from '@aerogram/runtime';

export const linkUp = defineGauge({ name: 'aerogram_link_up', help: 'Whether the link of this node to another data centre stands: 1 or 0.', labels: ['dc'] });
export const linkWaiting = defineGauge({ name: 'aerogram_link_waiting', help: 'Frames that wait for another data centre; each node shows the same.', labels: ['dc'] });
