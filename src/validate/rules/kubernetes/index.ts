import type { Rule } from '../../rule.ts';

export const kubernetesRules: readonly Rule[] = [];
