import type { Migration } from './migration.ts';

/** What must be the same on all nodes of a cluster, told by each of them when it joins. */
export const migration: Migration = {
  number: 118,
  subject: 'node-facts',
  statements: [
    // Not columns of nodes, whose rows all nodes read twice a second. A row counts if its token is that of the node: who takes a row again tells anew.
    `CREATE TABLE node_facts (
       name text PRIMARY KEY REFERENCES nodes ON DELETE CASCADE,
       token bigint NOT NULL,
       facts jsonb NOT NULL
     )`,
  ],
};
