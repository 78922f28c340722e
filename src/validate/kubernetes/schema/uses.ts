import type { Manifest, Workspace } from '../../workspace.ts';
import { type ApiLife, apiLives } from './api-versions.ts';
import { clusterMinor } from './cluster.ts';

/** A manifest of a kind that came, is deprecated or went in a known version. */
export interface ApiUse {
  readonly manifest: Manifest;
  readonly life: ApiLife;
  /** Minor version of the cluster. */
  readonly minor: number;
}

export function apiUses(workspace: Workspace): readonly ApiUse[] {
  const lives = apiLives();
  const minor = clusterMinor(workspace);
  return workspace.manifests.flatMap((manifest) => {
    const life = lives.get(`${manifest.apiVersion} ${manifest.kind}`);
    return life ? [{ manifest, life, minor }] : [];
  });
}
