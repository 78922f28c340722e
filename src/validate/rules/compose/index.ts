import type { Rule } from '../../rule.ts';
import { composeContainerName } from './compose-container-name.ts';
import { composeCycle } from './compose-cycle.ts';
import { composeDependsOnStarted } from './compose-depends-on-started.ts';
import { composeDockerSocket } from './compose-docker-socket.ts';
import { composeHealthyDependency } from './compose-healthy-dependency.ts';
import { composeHostNamespaces } from './compose-host-namespaces.ts';
import { composeImagePinned } from './compose-image-pinned.ts';
import { composeInterpolation } from './compose-interpolation.ts';
import { composeMemoryLimit } from './compose-memory-limit.ts';
import { composeMissingProgram } from './compose-missing-program.ts';
import { composePortClash } from './compose-port-clash.ts';
import { composePrivileged } from './compose-privileged.ts';
import { composePublishedDatabase } from './compose-published-database.ts';
import { composeReferences } from './compose-references.ts';
import { composeRestartPolicy } from './compose-restart-policy.ts';
import { composeSchema } from './compose-schema.ts';
import { composeSecretLiteral } from './compose-secret-literal.ts';
import { composeVersion } from './compose-version.ts';

export const composeRules: readonly Rule[] = [
  composeContainerName,
  composeCycle,
  composeDependsOnStarted,
  composeDockerSocket,
  composeHealthyDependency,
  composeHostNamespaces,
  composeImagePinned,
  composeInterpolation,
  composeMemoryLimit,
  composeMissingProgram,
  composePortClash,
  composePrivileged,
  composePublishedDatabase,
  composeReferences,
  composeRestartPolicy,
  composeSchema,
  composeSecretLiteral,
  composeVersion,
];
