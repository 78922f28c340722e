import { Markup } from '../markup.ts';

/** The report's whole style: light and dark by the reader's preference, and a sheet for paper. */
export const style = new Markup(`
:root{color-scheme:light dark;--page:#f5f6f8;--card:#fff;--ink:#191d23;--muted:#5b6672;--line:#e2e6eb;--soft:#f0f2f5;
--blue:#2f6fd6;--green:#149a73;--hatch:#0c7a5a;--unknown:#9aa4af;--bad:#cf3a1f;--warn:#9a6700;--good:#1a7f4b;--gap:#8f3fb4;--band:#7a5af522;--latency:#7a5af5;
--good-bg:#e3f5ea;--bad-bg:#fdebe7;--warn-bg:#fdf3d7;--idle-bg:#edf0f3}
@media screen and (prefers-color-scheme:dark){:root{--page:#0d1117;--card:#151b23;--ink:#e8edf3;--muted:#9aa6b2;--line:#2a323d;--soft:#1b222c;
--blue:#4c8df6;--green:#2fb98c;--hatch:#1b8a66;--unknown:#6b7683;--bad:#ff7357;--warn:#e3b341;--good:#4ac987;--gap:#d08cf0;--band:#a48bff2e;--latency:#a48bff;
--good-bg:#12301f;--bad-bg:#3a1a14;--warn-bg:#332a10;--idle-bg:#222a34}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif;overflow-wrap:anywhere}
main{max-width:1160px;margin:0 auto;padding:28px 24px 48px}
header.verdict{background:var(--card);border:1px solid var(--line);border-left:8px solid var(--tone);border-radius:14px;padding:22px 28px 24px}
.crumbs{display:flex;flex-wrap:wrap;gap:4px 10px;align-items:center;color:var(--muted);font-size:14px;margin:0 0 10px}
.crumbs b{color:var(--ink);font-weight:600}
h1{font-size:32px;line-height:1.2;margin:0;letter-spacing:-.015em;font-weight:680;text-wrap:balance}
.measured{font-size:18px;margin:8px 0 0}
.reason{margin:6px 0 0;color:var(--muted)}
.passed{--tone:var(--good);--tone-bg:var(--good-bg)}.failed{--tone:var(--bad);--tone-bg:var(--bad-bg)}
.inconclusive{--tone:var(--warn);--tone-bg:var(--warn-bg)}.cancelled,.skipped,.planned{--tone:var(--muted);--tone-bg:var(--idle-bg)}.done{--tone:var(--good);--tone-bg:var(--good-bg)}
.chip{display:inline-block;white-space:nowrap;background:var(--tone-bg);color:var(--tone);border-radius:999px;padding:2px 11px;font-size:13px;font-weight:640}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));gap:14px;margin:16px 0 0}
.tile{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:14px 18px 13px}
.tile dt{color:var(--muted);font-size:13.5px}.tile dd{margin:0}
.tile .big{font-size:28px;font-weight:660;letter-spacing:-.02em;line-height:1.25;font-variant-numeric:tabular-nums}
.tile.failed .big{color:var(--bad)}.tile.none .big{color:var(--muted);font-size:20px;line-height:35px;font-weight:560}
.tile .note{color:var(--muted);font-size:13px}
section{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:18px 24px 20px;margin:16px 0 0}
h2{font-size:17.5px;margin:0 0 2px;font-weight:650}h3{font-size:14.5px;margin:14px 0 2px;font-weight:620}
.hint{color:var(--muted);font-size:13.5px;margin:0 0 10px}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:8px 22px}
.pair>*{min-width:0}
figure{margin:6px 0 0}figcaption{color:var(--muted);font-size:13.5px;margin-top:6px}
.scroll{overflow-x:auto}.chart svg{display:block;width:100%;height:auto}.chart.wide svg{min-width:680px}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;padding:0;margin:0 0 4px;list-style:none;font-size:13.5px;color:var(--muted)}
.legend li{display:flex;align-items:center;gap:7px}.legend svg{width:22px;height:12px;flex:none}
table{border-collapse:collapse;width:100%;font-size:14.5px}
th{font-weight:600;text-align:left;color:var(--muted);font-size:13px;border-bottom:1px solid var(--line);padding:6px 14px 6px 0;white-space:nowrap;vertical-align:bottom}
td{border-bottom:1px solid var(--line);padding:7px 14px 7px 0;vertical-align:top}
tr:last-child td{border-bottom:0}td:last-child,th:last-child{padding-right:0}td:first-child{min-width:88px}
.num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.quiet{color:var(--muted)}.nowrap{white-space:nowrap}
td.bar{width:34%;min-width:200px;padding-top:9px}td.bar svg{display:block;width:100%;height:16px}
code{font:13px ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace;background:var(--soft);border-radius:5px;padding:1px 5px}
pre{background:var(--soft);border-radius:9px;padding:11px 14px;margin:8px 0;overflow-x:auto;white-space:pre-wrap}pre code{background:none;padding:0}
dl.facts{display:grid;grid-template-columns:max-content 1fr;gap:5px 20px;margin:6px 0 0;font-size:14.5px}
dl.facts dt{color:var(--muted)}dl.facts dd{margin:0}
.dot{display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:7px;vertical-align:0}.dot.blue{background:var(--blue)}
.dot.green{background:repeating-linear-gradient(45deg,var(--green) 0 3px,var(--hatch) 3px 4px)}
a{color:inherit}footer{color:var(--muted);font-size:13px;margin:18px 4px 0}
svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif;fill:var(--ink)}
svg .axis{fill:var(--muted);font-variant-numeric:tabular-nums}svg .grid{stroke:var(--line)}svg .base,svg .tick{stroke:var(--muted)}
svg .area{stroke:none}svg .blue{fill:var(--blue)}svg .green{fill:var(--green)}svg .hatch{stroke:var(--hatch);stroke-width:2.4}
svg .unknown{fill:var(--unknown)}svg .failed{fill:var(--bad)}svg .lane{fill:var(--soft)}
svg .plate{fill:var(--card);fill-opacity:.9}svg text.name{font-weight:640;font-size:13px}svg text.name.blue{fill:var(--blue)}svg text.name.green{fill:var(--green)}
svg .bake{fill:var(--muted);fill-opacity:.09}svg .band{fill:var(--muted)}svg rect.fault{fill:var(--bad);fill-opacity:.13}
svg .mark.fault line{stroke:var(--bad)}svg .mark.fault text{fill:var(--bad)}svg .mark.recovered line{stroke:var(--good);stroke-dasharray:4 3}svg .mark.recovered text{fill:var(--good)}
svg .mark line{stroke:var(--ink);stroke-width:1.5}svg .mark text{font-weight:620}
svg .mark.breach line{stroke:var(--bad);stroke-dasharray:4 3}svg .mark.breach text{fill:var(--bad)}
svg .mark.rollback line{stroke:var(--bad);stroke-width:2}svg .mark.rollback text{fill:var(--bad)}
svg .gap path{stroke:var(--gap);stroke-width:2;fill:none}svg .gap text{fill:var(--gap);font-weight:620}
svg .latency-band{fill:var(--band)}svg .latency-p50{fill:none;stroke:var(--latency);stroke-width:1;stroke-opacity:.75}svg .latency-p99{fill:none;stroke:var(--latency);stroke-width:1.8}
svg .latency-max{fill:none;stroke:var(--ink);stroke-width:2.6;stroke-linecap:round;stroke-opacity:.55}
svg .limit line{stroke:var(--warn);stroke-width:1.5;stroke-dasharray:7 4}svg .limit text{fill:var(--warn);font-weight:600}
svg .hover rect{fill:var(--ink);fill-opacity:0}svg .hover rect:hover{fill-opacity:.09}
svg .track{fill:var(--soft)}svg .step{fill:var(--tone)}svg .step.done{fill:var(--blue)}
@media (max-width:760px){main{padding:14px 12px 32px}h1{font-size:25px}.pair{grid-template-columns:1fr}header.verdict,section{padding:16px}td.bar{display:none}th.bar{display:none}dl.facts{grid-template-columns:1fr;gap:0 0}dl.facts dd{margin-bottom:8px}}
@media print{:root{--page:#fff}main{max-width:none;padding:0}body{font-size:12px;print-color-adjust:exact;-webkit-print-color-adjust:exact}section,.tile,header.verdict,tr{break-inside:avoid}section.long{break-inside:auto}.scroll{overflow:visible}.chart.wide svg{min-width:0}}
`);
