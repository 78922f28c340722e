import type { Rule } from '../../rule.ts';
import { aliasExpansion } from './alias-expansion.ts';
import { duplicateKey } from './duplicate-key.ts';
import { kustomizeBuild } from './kustomize-build.ts';
import { notText } from './not-text.ts';
import { releaseFile } from './release-file.ts';
import { syntaxError } from './syntax-error.ts';
import { tabIndentation } from './tab-indentation.ts';
import { tooLarge } from './too-large.ts';

export const syntaxRules: readonly Rule[] = [
  aliasExpansion,
  duplicateKey,
  kustomizeBuild,
  notText,
  releaseFile,
  syntaxError,
  tabIndentation,
  tooLarge,
];
