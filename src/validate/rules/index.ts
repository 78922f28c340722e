import type { Rule } from '../rule.ts';
import { composeRules } from './compose/index.ts';
import { configurationRules } from './configuration/index.ts';
import { crossFileRules } from './cross-file/index.ts';
import { dockerfileRules } from './dockerfile/index.ts';
import { kubernetesRules } from './kubernetes/index.ts';
import { prometheusRules } from './prometheus/index.ts';
import { syntaxRules } from './syntax/index.ts';
import { workflowsRules } from './workflows/index.ts';

/** Every rule; documentation, `explain` and SARIF's list of rules derive from it. One line a rule in its area's index. */
export const rules: readonly Rule[] = [
  ...syntaxRules,
  ...kubernetesRules,
  ...crossFileRules,
  ...dockerfileRules,
  ...composeRules,
  ...workflowsRules,
  ...prometheusRules,
  ...configurationRules,
];
