import picomatch from 'picomatch';
import type { ValidatePlan } from '../../config/model.ts';
import type { Path, SourceFile } from '../document.ts';
import type { Finding, Severity } from '../finding.ts';
import { readYaml } from '../read/yaml.ts';
import { type Ignore, own, type WrittenIgnore } from './ignore.ts';

/** Finds where something stands in the release file. */
export type PlaceIn = (path: Path) => Ignore['place'];

/** Places of values in the release file; read anew only when something has to be told about it. */
export function placesIn(file: SourceFile): PlaceIn {
  let document: ReturnType<typeof readYaml>['documents'][number] | undefined;
  return (path) => {
    document ??= readYaml(file).documents[0];
    const { line, column } = document?.position(path) ?? { line: 1, column: 1 };
    return { file: file.path, line, column, path: path.join('/') };
  };
}

/** The ignores of `validate.ignore`. */
export function configIgnores({ ignore }: ValidatePlan, placeOf: PlaceIn): readonly WrittenIgnore[] {
  return ignore.map(({ rule, path, reason, until }, i) => {
    const isMatch =
      path === undefined ? () => true : picomatch([path, `${path.replace(/\/+$/, '')}/**`], { dot: true });
    return {
      by: 'config' as const,
      rule,
      reason: reason.trim(),
      until,
      get place() {
        return placeOf(['validate', 'ignore', i, 'rule']);
      },
      get untilPlace() {
        return placeOf(['validate', 'ignore', i, 'until']);
      },
      covers: ({ file }: Finding) => isMatch(file),
    };
  });
}

/** The findings with the severities that cutover.yml gives them. */
export function withSeverities(findings: readonly Finding[], { severity }: ValidatePlan): readonly Finding[] {
  return findings.map((finding) => {
    const wanted: Severity | undefined = Object.hasOwn(severity, finding.rule)
      ? severity[finding.rule]
      : undefined;
    return wanted === undefined ? finding : { ...finding, severity: wanted };
  });
}

/** Rules under `validate.severity` that do not exist. */
export function unknownSeverities(
  { severity }: ValidatePlan,
  ruleIds: readonly string[],
  placeOf: PlaceIn,
): Finding[] {
  return Object.keys(severity)
    .filter((id) => !ruleIds.includes(id))
    .map((id) =>
      own('ignore-unknown-rule', placeOf(['validate', 'severity', id]), `there is no rule "${id}"`),
    );
}
