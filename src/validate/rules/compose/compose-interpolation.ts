// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is the syntax of variables in Compose files

import { interpolationProblem } from '../../compose/interpolation.ts';
import { projectsOf } from '../../compose/project.ts';
import type { Path } from '../../document.ts';
import type { Rule } from '../../rule.ts';

/** Deeper values are none of Compose. */
const deepest = 40;

export const composeInterpolation: Rule = {
  id: 'compose-interpolation',
  severity: 'error',
  layer: 'syntax',
  title: 'Variables in Compose files are well formed',
  why: 'Compose refuses the file for a variable it cannot read; a dollar sign in a password or a shell command is taken for one.',
  fix: 'Write `${NAME}`, `${NAME:-default}` or `${NAME:?message}`, and `$$` for a dollar sign.',
  source: 'https://docs.docker.com/reference/compose-file/interpolation/',
  check(workspace, report) {
    for (const { file } of projectsOf(workspace)) {
      const visit = (value: unknown, path: Path): void => {
        if (typeof value === 'string') {
          const problem = value.includes('$') ? interpolationProblem(value) : undefined;
          if (problem !== undefined) report.find({ document: file.document, path }, problem);
        } else if (typeof value === 'object' && value !== null && path.length < deepest) {
          const isList = Array.isArray(value);
          for (const [key, inner] of Object.entries(value))
            visit(inner, [...path, isList ? Number(key) : key]);
        }
      };
      visit(file.value, []);
    }
  },
};
