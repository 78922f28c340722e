import type { Platform } from '../../../platform/platform.ts';
import type { LocalPaths } from '../paths.ts';
import type { Ports } from './ports.ts';
import type { Store } from './store.ts';

/** What every part of the supervisor works with. */
export interface Supervision {
  platform: Pick<Platform, 'clock' | 'files' | 'http' | 'random' | 'env'>;
  store: Store;
  paths: LocalPaths;
  ports: Ports;
  /** The Node that runs the supervisor, for components that start with `node`. */
  execPath: string;
  /** Writes a line to the supervisor's log. */
  log: (text: string) => void;
}

/** Loopback address of instances and proxies. */
export const host = '127.0.0.1';
