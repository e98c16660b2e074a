import { colourOf } from './kinds.js';
import { layoutOf } from './layout.js';
import type { ContractsGraph, GraphEdge, GraphNode } from './model.js';
import { SCRIPT } from './page-script.js';
import { STYLE } from './page-style.js';
import { escaped, toSvg } from './svg.js';

/** The graph as one HTML file that needs nothing else: no network, no other file. */
export function toHtml(graph: ContractsGraph): string {
  const title = `Contracts of ${graph.org}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${escaped(title)}</h1>
<p>${summary(graph)}</p>
${legend(graph)}
<form role="search" onsubmit="return false">
<label>Find <input id="find" type="search" placeholder="build, branch, repo, product…" autocomplete="off"></label>
<output id="found" for="find"></output>
<span class="zoom" role="group" aria-label="Size of the picture">
<button type="button" data-zoom="out" aria-label="smaller">−</button>
<button type="button" data-zoom="fit">fit</button>
<button type="button" data-zoom="full">100 %</button>
<button type="button" data-zoom="in" aria-label="larger">+</button>
</span>
</form>
</header>
<main>
<div id="picture" tabindex="-1">
${toSvg(graph, layoutOf(graph))}
</div>
<section aria-labelledby="words">
<h2 id="words">The same in words</h2>
${words(graph)}
</section>
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function summary({ nodes, edges, cycles }: ContractsGraph): string {
  const parts = [
    counted(nodes.length, 'enver'),
    counted(new Set(nodes.map(({ build }) => build)).size, 'build'),
    counted(new Set(nodes.map(({ account }) => account)).size, 'account'),
    counted(
      edges.reduce((sum, { products }) => sum + products.length, 0),
      'consumption',
    ),
    ...(cycles.length > 0 ? [counted(cycles.length, 'cycle')] : []),
  ];
  return `${parts.join(', ')}. An arrow goes from the enver that publishes a product to one that consumes it. Point at an enver, or reach it with Tab, to see its neighbours; a click or Enter keeps them.`;
}

function legend({ nodes, edges }: ContractsGraph): string {
  const kinds = [...new Set(nodes.map(({ kind }) => kind))].sort();
  const reactions = [...new Set(edges.map(({ onChange }) => onChange))].sort();
  const items = [
    ...kinds.map((kind) => `<li><span class="swatch ${kind}"></span>${escaped(colourOf(kind).name)}</li>`),
    ...reactions.map(
      (reaction) =>
        `<li><svg width="36" height="8" aria-hidden="true"><path class="edge ${reaction}" d="M 0 4 H 36"/></svg>${MEANINGS[reaction]}</li>`,
    ),
  ];
  return `<ul class="legend" aria-label="Legend">${items.join('')}</ul>`;
}

const MEANINGS: Readonly<Record<GraphEdge['onChange'], string>> = {
  deploy: 'a change redeploys',
  approve: 'a change redeploys once it is approved',
  alarm: 'a change notifies',
  ignore: 'a change is ignored',
};

/** Everything that the picture shows, for those who do not see it. */
function words({ nodes, edges }: ContractsGraph): string {
  const rows = nodes.map((node) => {
    const inputs = edges.filter(({ to }) => to === node.id);
    const outputs = edges.filter(({ from }) => from === node.id);
    return `<tr>
<th scope="row"><code>${escaped(node.id)}</code></th>
<td>${escaped(colourOf(node.kind).name)}</td>
<td>${escaped(`${node.account}, ${node.region}`)}</td>
<td>${escaped(sourceOf(node))}${node.owner === undefined ? '' : `<br>${escaped(node.owner)}`}</td>
<td>${list(inputs.map((edge) => `${edge.products.join(', ')} of ${edge.from} (${edge.onChange})`))}</td>
<td>${list(outputs.map((edge) => `${edge.products.join(', ')} → ${edge.to} (${edge.onChange})`))}</td>
</tr>`;
  });
  return `<div class="scroll"><table>
<thead><tr><th scope="col">Enver</th><th scope="col">Kind</th><th scope="col">Place</th><th scope="col">Source</th><th scope="col">Consumes</th><th scope="col">Is consumed by</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table></div>`;
}

function sourceOf({ repo, workDir }: GraphNode): string {
  return workDir === '.' ? repo : `${repo}, ${workDir}`;
}

function list(items: readonly string[]): string {
  return items.length === 0 ? '–' : `<ul>${items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`;
}

function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
