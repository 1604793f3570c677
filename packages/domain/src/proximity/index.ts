/** People who share their live locations in one chat, and come close to each other. */
export { createProximity, type Proximity } from './proximity.ts';
