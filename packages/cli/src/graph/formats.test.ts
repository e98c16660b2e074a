import { describe, expect, it } from 'vitest';
import { enver, manifest, TEA } from '../testing/manifests.js';
import { toDot } from './dot.js';
import { toHtml } from './html.js';
import { toMermaid } from './mermaid.js';
import { contractsGraph } from './model.js';

const graph = contractsGraph(TEA);
/** Names that mean something in every format. */
const HOSTILE = contractsGraph(
  manifest(
    enver('cup', [], {
      repo: { owner: '"><script>alert(1)</script>', name: "'&\\" },
      account: { name: '"]; <b>`#x`</b> \\', id: '2' },
      region: '</svg></style>',
    }),
  ),
);

describe('the graph of contracts', () => {
  it('has one edge for what an enver consumes of another with one reaction', () => {
    expect(graph.edges.map(({ from, to, onChange, products }) => [from, to, onChange, products])).toEqual([
      ['kettle/b..main', 'cup/b..main', 'deploy', ['api', 'bus/source']],
      ['cup/b..main', 'guest/b..main', 'deploy', ['api']],
      ['kettle/b..main', 'guest/b..main', 'ignore', ['api']],
      ['guest/b..main', 'kettle/b..main', 'ignore', ['api']],
    ]);
  });

  it('knows its cycles', () => {
    expect(graph.cycles).toEqual([['cup/b..main', 'guest/b..main', 'kettle/b..main']]);
  });

  it('leaves out what a manifest consumes of nobody', () => {
    expect(contractsGraph(manifest(enver('cup', [{ of: 'kettle/api' }]))).edges).toEqual([]);
  });
});

describe('as Mermaid', () => {
  it('groups by account and tells reactions apart', () => {
    const text = toMermaid(graph);
    expect(text).toMatch(/^flowchart LR\n/);
    expect(text).toContain(
      '  subgraph a0["parlour"]\n    direction LR\n    e1["guest<br/>b..main<br/>cdk · eu-north-1"]:::cdk\n',
    );
    expect(text).toContain('  e2 -- "api<br/>bus/source" --> e0\n');
    expect(text).toContain('  e2 -. "api<br/>(ignore)" .-> e1\n');
  });

  it('quotes every name', () => {
    const lines = toMermaid(HOSTILE).split('\n');
    expect(lines[1]).toBe('  subgraph a0["#34;]#59; #60;b#62;#96;#35;x#96;#60;/b#62; #92;"]');
  });
});

describe('as DOT', () => {
  it('groups by account and tells reactions apart', () => {
    const text = toDot(graph);
    expect(text).toContain('  subgraph cluster_0 {\n    label="parlour";\n    "guest/b..main" [');
    expect(text).toContain('  "kettle/b..main" -> "cup/b..main" [label="api\\nbus/source", style=solid];\n');
    expect(text).toContain('  "kettle/b..main" -> "guest/b..main" [label="api", style=dashed];\n');
  });

  it('quotes every name', () => {
    expect(toDot(HOSTILE)).toContain('label="\\"]; <b>`#x`</b> \\\\";');
  });
});

describe('as HTML', () => {
  const page = toHtml(graph);

  it('needs nothing from anywhere else', () => {
    expect(page).not.toMatch(/\b(src|href|action|xlink:href)=|@import|\burl\((?!#)|fetch\(|XMLHttpRequest/);
    expect([...new Set(page.match(/https?:[^"'\s]*/g))]).toEqual(['http://www.w3.org/2000/svg']);
    expect(page).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"`,
    );
  });

  it('draws every enver and arrow, and says them in words', () => {
    for (const { id, build } of graph.nodes) {
      expect(page).toContain(`<code>${id}</code>`);
      expect(page).toContain(`class="build" x="16" y="21">${build}</text>`);
    }
    expect(page.match(/class="edge (deploy|ignore)" d="M [^"]+" marker-end/g)).toHaveLength(
      graph.edges.length,
    );
    expect(page).toContain('<li>api, bus/source of kettle/b..main (deploy)</li>');
    expect(page).toContain('<li>api, bus/source → cup/b..main (deploy)</li>');
    expect(page).toContain('consumes api, bus/source of kettle/b..main; consumed by 1"');
  });

  it('lets no name become markup', () => {
    const hostile = toHtml(HOSTILE);
    expect(hostile).not.toContain('<script>alert');
    expect(hostile).not.toContain('<b>');
    expect(hostile.match(/<\/svg>/g)).toHaveLength(1);
    expect(hostile.match(/<\/style>/g)).toHaveLength(1);
  });

  it('draws an org without envers', () => {
    expect(toHtml(contractsGraph(manifest()))).toContain('0 envers, 0 builds, 0 accounts, 0 consumptions.');
  });
});
