import { defineCounter, defineGauge } from '@aerogram/runtime';

export const linkUp = defineGauge({ name: 'aerogram_link_up', help: 'Whether the link of this node to another data centre stands: 1 or 0.', labels: ['dc'] });
export const linkWaiting = defineGauge({ name: 'aerogram_link_waiting', help: 'Frames that wait for another data centre; each node shows the same.', labels: ['dc'] });
export const framesDropped = defineCounter({ name: 'aerogram_link_kept_dropped_total', help: 'Frames of another data centre, or for it, that were dropped earlier than a week after they were applied, because all that is kept of it or for it took too much room.', labels: ['dc'] });
