import { type Defect, defectsIn } from '../defect.ts';
import { strayByte } from '../files.ts';

const pod = defectsIn('kubernetes', 'k8s/deployment.yml');
const settings = defectsIn('kubernetes', 'k8s/settings.yml');
const own = (name: string, path: string, put: string, more: Partial<Defect> = {}): Defect => ({
  name,
  area: 'kubernetes',
  asWritten: true,
  changes: [{ file: path, put }],
  ...more,
});
const map = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: $A-extra\n  namespace: $N\n';

export const syntaxDefects: readonly Defect[] = [
  pod(
    'key twice',
    '  revisionHistoryLimit: 5\n',
    '  revisionHistoryLimit: 5\n  «duplicate-key»revisionHistoryLimit: 9\n',
    { asWritten: true },
  ),
  settings('key of data twice', '  LIMITS: "25"\n', '  LIMITS: "25"\n  «duplicate-key»"LIMITS": "50"\n', {
    asWritten: true,
  }),
  own('tab', 'monitoring/extra.yml', `${map}data:\n«tab-indentation»\tREGION: eu\n`),
  own('list never closed', 'monitoring/extra.yml', `${map}data:\n  REGION: «syntax-error»[eu\n`, {}),
  own(
    'circle of aliases',
    'monitoring/extra.yml',
    `${map}data: &data\n  REGION: eu\n  again: «alias-expansion»*data\n`,
  ),
  own('stray byte', 'monitoring/extra.yml', `${map}data:\n  CITY: K«not-text»${strayByte}ln\n`),
  own(
    'base that is not',
    'overlays/staging/kustomization.yaml',
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: $N\nresources:\n  - «kustomize-build»../base\n',
  ),
  own('far too large', 'monitoring/extra.yml', `«too-large»${map}data:\n  NOTE: ${'a'.repeat(6_000)}\n`, {
    settings: { mostBytes: 5_000 },
  }),
  own(
    'JSON without a comma',
    'monitoring/extra.json',
    '{\n  "apiVersion": "v1",\n  "kind": "ConfigMap"\n  «syntax-error»"metadata": { "name": "$A-extra" }\n}\n',
  ),
];
