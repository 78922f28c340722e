/** The programs in dist/, by name, and the compiled module of each (relative to src/ or build/, without extension). */
export const programs = {
  chaos: 'actions/chaos',
  cutover: 'actions/cutover',
  post: 'actions/post',
  release: 'actions/release',
  rollback: 'actions/rollback',
  setup: 'actions/setup',
  smoke: 'actions/smoke',
  validate: 'actions/validate',
  cli: 'cli/main',
  supervisor: 'targets/local/supervisor/main',
  agent: 'targets/local/agent/main',
  'clock-lie': 'targets/local/lies/clock',
  'dns-lie': 'targets/local/lies/dns',
  meter: 'traffic/worker',
};
