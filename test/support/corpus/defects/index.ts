import type { Defect } from '../defect.ts';
import { availabilityDefects } from './availability.ts';
import { composeDefects } from './compose.ts';
import { configurationDefects } from './configuration.ts';
import { dockerfileDefects } from './dockerfile.ts';
import { prometheusDefects } from './prometheus.ts';
import { referenceDefects } from './references.ts';
import { schemaDefects } from './schema.ts';
import { securityDefects } from './security.ts';
import { syntaxDefects } from './syntax.ts';
import { workflowDefects } from './workflows.ts';

/** One entry a class of defects; the order decides how they are packed into workspaces. */
export const defectClasses = {
  security: securityDefects,
  availability: availabilityDefects,
  references: referenceDefects,
  schema: schemaDefects,
  dockerfile: dockerfileDefects,
  compose: composeDefects,
  workflows: workflowDefects,
  prometheus: prometheusDefects,
  configuration: configurationDefects,
  syntax: syntaxDefects,
} satisfies Record<string, readonly Defect[]>;

export const defects: readonly Defect[] = Object.values(defectClasses).flat();
