import { containerFacts } from './containers.ts';
import type { Facts } from './facts.ts';
import { networkFacts } from './network.ts';
import { podFacts } from './pods.ts';
import { storageFacts } from './storage.ts';
import { volumeFacts } from './volumes.ts';
import { workloadFacts } from './workloads.ts';

/** What is kept by hand about the generated types, by type; a test holds that each type and field exists. */
export const facts: Facts = {
  ...podFacts,
  ...containerFacts,
  ...volumeFacts,
  ...workloadFacts,
  ...networkFacts,
  ...storageFacts,
};
