import { textOf } from '../../document.ts';
import { allRules } from '../../prometheus/rule-files.ts';
import type { Rule } from '../../rule.ts';

export const prometheusRecordNaming: Rule = {
  id: 'prometheus-record-naming',
  severity: 'notice',
  layer: 'policy',
  title: 'Recorded metrics are named level:metric:operations',
  why: 'The colons tell at a glance that a metric is computed, over which labels and how; without them it is taken for one that a service exports.',
  fix: 'Write `record: job:http_requests:rate5m`: the labels that are left, the metric, the newest operation first.',
  source: 'https://prometheus.io/docs/practices/rules/',
  check(workspace, report) {
    for (const { group, value, path } of allRules(workspace)) {
      const name = textOf(value['record']);
      // A leading colon stands for no level at all.
      if (name === undefined || /^(?:[A-Za-z_]\w*)?(?::\w+)+$/.test(name)) continue;
      report.find(
        { document: group.file.document, path: [...path, 'record'] },
        `"${name.slice(0, 60)}" is not of the form level:metric:operations, such as job:http_requests:rate5m`,
      );
    }
  },
};
