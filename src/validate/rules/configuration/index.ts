import type { Rule } from '../../rule.ts';
import { configAuthentication } from './config-authentication.ts';
import { configCors } from './config-cors.ts';
import { configDebug } from './config-debug.ts';
import { configEnvironment } from './config-environment.ts';
import { configFiles } from './config-files.ts';
import { configLogLevel } from './config-log-level.ts';
import { configRateLimiting } from './config-rate-limiting.ts';
import { configRequiredEnv } from './config-required-env.ts';
import { configRiskLimits } from './config-risk-limits.ts';
import { configRule } from './config-rule.ts';
import { configSecrets } from './config-secrets.ts';
import { configTls } from './config-tls.ts';
import { configVariables } from './config-variables.ts';

export const configurationRules: readonly Rule[] = [
  configAuthentication,
  configCors,
  configDebug,
  configEnvironment,
  configFiles,
  configLogLevel,
  configRateLimiting,
  configRequiredEnv,
  configRiskLimits,
  configRule,
  configSecrets,
  configTls,
  configVariables,
];
