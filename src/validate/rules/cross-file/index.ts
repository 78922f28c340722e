import type { Rule } from '../../rule.ts';

export const crossFileRules: readonly Rule[] = [];
