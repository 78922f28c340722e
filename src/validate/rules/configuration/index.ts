import type { Rule } from '../../rule.ts';

export const configurationRules: readonly Rule[] = [];
