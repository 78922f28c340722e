import type { Platform } from '../../platform/platform.ts';

/** What the meaning of an experiment file depends on. */
export interface Reading {
  /** Kind of the target: `local`. */
  target: string;
  /** Names in the release file. */
  components: readonly string[];
  env: Platform['env'];
}
