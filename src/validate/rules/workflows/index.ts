import type { Rule } from '../../rule.ts';

export const workflowsRules: readonly Rule[] = [];
