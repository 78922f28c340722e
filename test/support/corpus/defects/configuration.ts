import { type Defect, defectsIn } from '../defect.ts';

const config = defectsIn('configuration', 'config/production.yml');
const release = defectsIn('configuration', 'cutover.yml');

export const configurationDefects: readonly Defect[] = [
  config('staging in production', 'environment: production', 'environment: «config-environment»staging'),
  config('debug on', 'debug: false', 'debug: «config-debug»true'),
  config('log level debug', 'level: INFO', 'level: «config-log-level»DEBUG'),
  config('log level trace', 'level: INFO', 'level: «config-log-level»"trace"'),
  config(
    'authentication off',
    'authentication:\n  enabled: true',
    'authentication:\n  enabled: «config-authentication»false',
  ),
  config(
    'placeholder for a secret',
    `secret_key: \${JWT_SECRET_KEY}`,
    'secret_key: «config-secrets»changeme',
  ),
  config('short secret', `secret_key: \${JWT_SECRET_KEY}`, 'secret_key: «config-secrets»b7Xq2'),
  config(
    'no limit of requests',
    'rate_limiting:\n  enabled: true',
    'rate_limiting:\n  enabled: «config-rate-limiting»false',
  ),
  config(
    'limit of zero requests',
    'requests_per_second: 200',
    'requests_per_second: «config-rate-limiting»0',
  ),
  config('not encrypted', 'base_url: https://$A.example.com', 'base_url: «config-tls»http://$A.example.com'),
  config('every origin', '- https://app.example.com', '- «config-cors»"*"'),
  config('unlimited position', 'max_position_size: 0.1', 'max_position_size: «config-risk-limits»unlimited'),
  config('no loss limit', 'max_daily_loss: 0.05', 'max_daily_loss: «config-risk-limits»0'),
  config('out of the bounds of a rule', 'workers: 4', 'workers: «config-rule»64'),
  config('text for a number in a rule', 'workers: 4', 'workers: «config-rule»many'),
  config('variable that nobody sets', 'workers: 4', `workers: 4\nvenue: «config-variables»\${VENUE_NAME}`),
  release('file that is not', 'file: config/production.yml', 'file: «config-files»config/prodution.yml', {
    alone: true,
  }),
  release(
    'required variable that nobody sets',
    'env: [JWT_SECRET_KEY]',
    'env: [JWT_SECRET_KEY, «config-required-env»VENUE_TOKEN]',
  ),
  release('port that is no number', 'port: $P', 'port: «release-file»80x', { alone: true }),
  release('unknown target', 'target: local', 'target: «release-file»lcoal', { alone: true }),
];
