import type { Workspace } from '../../../src/validate/workspace.ts';

/** A workspace without files, but for what is given. */
export const workspaceOf = (parts: Partial<Workspace>): Workspace => ({
  root: '/workspace',
  release: undefined,
  kubernetesVersion: '1.36',
  environment: undefined,
  files: new Map(),
  unreadable: [],
  skips: [],
  manifests: [],
  dockerfiles: [],
  composeFiles: [],
  workflows: [],
  prometheus: [],
  configs: [],
  envFiles: new Map(),
  actions: [],
  exists: () => false,
  ...parts,
});
