/** The CDN nodes that an operator has added. */
export { type AddNodeDeps, doAddCdnNode, doRemoveCdnNode, isClientHost } from './add-cdn-node.ts';
export {
  type CdnNodeChange,
  type CdnNodeRow,
  type CdnNodeState,
  findCdnNode,
  listCdnNodeChanges,
  listCdnNodes,
  type NewCdnNode,
  saveCdnNodeSecret,
  saveCdnNodeState,
  saveKnownRevision,
} from './cdn-node-store.ts';
export { openCdnNode } from './open-cdn-node.ts';
