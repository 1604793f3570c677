import { defineCounter } from '@aerogram/runtime';

/** Files for which clients were sent to a CDN node. */
export const redirectsMetric = defineCounter({ name: 'aerogram_cdn_redirects_total', help: 'Downloads that were redirected to a CDN node, because the channel has many subscribers, or because many ask for the file (demand).', labels: ['reason'] });
