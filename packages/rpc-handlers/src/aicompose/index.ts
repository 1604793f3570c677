export { getTones } from './getTones.ts';
