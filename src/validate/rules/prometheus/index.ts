import type { Rule } from '../../rule.ts';

export const prometheusRules: readonly Rule[] = [];
