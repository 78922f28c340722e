import type { Rule } from '../../rule.ts';

export const composeRules: readonly Rule[] = [];
