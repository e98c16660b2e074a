import { colourOf } from './kinds.js';
import type { GraphNode } from './model.js';

const KINDS: readonly GraphNode['kind'][] = ['cdk', 'containerImage', 'npmPackage', 'script', 'contractsLib'];

const BASE = `
:root { color-scheme: light dark; --page: #ffffff; --text: #1b1f24; --faint: #59636e; --band: #f3f5f8; --band-line: #dfe3e8; --edge: #6e7781; --near: #0757ba; }
@media (prefers-color-scheme: dark) { :root { --page: #0d1117; --text: #e6edf3; --faint: #9ea7b3; --band: #151b23; --band-line: #2d333b; --edge: #8b949e; --near: #6cb6ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 14px/1.45 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
header { padding: 14px 20px 10px; }
h1 { margin: 0; font-size: 20px; } h2 { font-size: 16px; }
header p { margin: 4px 0 8px; color: var(--faint); max-width: 110ch; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 0 0 8px; padding: 0; list-style: none; font-size: 13px; }
.legend li { display: flex; align-items: center; gap: 6px; }
.swatch { width: 16px; height: 12px; border: 1.5px solid var(--line); border-radius: 3px; background: var(--fill); }
form { display: flex; flex-wrap: wrap; gap: 12px; align-items: center; }
input, button { font: inherit; color: inherit; background: var(--page); border: 1px solid var(--edge); border-radius: 5px; padding: 3px 8px; }
input { width: 34ch; } button { cursor: pointer; }
output { color: var(--faint); min-width: 8ch; }
main { border-top: 1px solid var(--band-line); }
#picture { overflow: auto; max-height: 82vh; }
#graph { display: block; }
section { padding: 4px 20px 24px; } .scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 13px; } th, td { text-align: left; vertical-align: top; padding: 5px 12px 5px 0; border-bottom: 1px solid var(--band-line); }
td ul { margin: 0; padding: 0; list-style: none; }
.frames rect { fill: var(--band); stroke: var(--band-line); } .frames text { fill: var(--faint); font-size: 13px; font-weight: 600; }
.edge { fill: none; stroke: var(--edge); stroke-width: 1.5; }
.edge.ignore { stroke-dasharray: 6 5; } .edge.alarm { stroke-dasharray: 2 4; stroke-linecap: round; } .edge.approve { stroke-width: 3; }
.reach { fill: none; stroke: transparent; stroke-width: 9; }
marker path { fill: var(--edge); } #head-near path { fill: var(--near); }
.arrow rect { fill: var(--band); } .arrow text { fill: var(--text); font-size: 11px; text-anchor: end; }
.node { cursor: pointer; } .node:focus { outline: none; }
.node rect { fill: var(--fill); stroke: var(--line); stroke-width: 1.2; } .node .stripe { fill: var(--line); stroke: none; }
.node text { fill: var(--text); font-size: 11px; } .node .build { font-size: 14px; font-weight: 650; } .node .revision { font-family: ui-monospace, "DejaVu Sans Mono", monospace; } .node .place { fill: var(--faint); }
.node:focus-visible > rect:first-of-type, .node.pinned > rect:first-of-type { stroke: var(--near); stroke-width: 3.5; }
.node, .arrow { transition: opacity .12s; }
.chosen .node:not(.near), .chosen .arrow:not(.near) { opacity: .16; }
.chosen .arrow.near .edge { stroke: var(--near); stroke-width: 2.4; marker-end: url(#head-near); } .chosen .arrow.near .edge.approve { stroke-width: 3.6; }
.chosen .arrow.near text { font-weight: 650; }
.arrow:hover .edge { stroke: var(--near); }
.searched .node:not(.hit) { opacity: .22; }
@media (prefers-reduced-motion: reduce) { .node, .arrow { transition: none; } }
@media print { form { display: none; } #picture { max-height: none; overflow: visible; } #graph { width: 100%; height: auto; } }
`;

function dressed(mix: (fill: string, line: string) => string): string {
  const rules = KINDS.map((kind) => {
    const { fill, line } = colourOf(kind);
    return `.${kind} { --fill: ${mix(fill, line)}; --line: ${line}; }`;
  });
  return rules.join('\n');
}

/** The page's style sheet. In the dark, a box is filled with a little of its line's colour. */
export const STYLE = `${BASE}${dressed((fill) => fill)}
@media (prefers-color-scheme: dark) {
${dressed((_, line) => `color-mix(in srgb, ${line} 32%, #0d1117)`)}
}
`;
