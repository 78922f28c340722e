import type { Platform } from '../platform/platform.ts';
import type { Artifact } from '../targets/target.ts';

/** What one component is built from. */
export interface BuildSource {
  /** Absolute folder of the component. */
  folder: string;
  /** Absolute folder for durable state; what is built may be kept there. */
  stateFolder: string;
  platform: Pick<Platform, 'files' | 'clock' | 'random' | 'emit'>;
}

/** Makes the artifact that runs as a component. */
export interface BuildEngine {
  /** What `build` would give. Writes nothing. */
  describe(source: BuildSource): Promise<Artifact>;
  /** Doing it twice is doing it once. */
  build(source: BuildSource): Promise<Artifact>;
}
