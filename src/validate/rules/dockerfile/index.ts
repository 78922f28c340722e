import type { Rule } from '../../rule.ts';

export const dockerfileRules: readonly Rule[] = [];
