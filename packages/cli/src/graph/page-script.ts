/** What makes the page answer. Without scripts, the picture and the words are all there. */
export const SCRIPT = `
(() => {
  const svg = document.getElementById('graph');
  const picture = document.getElementById('picture');
  const nodes = [...svg.querySelectorAll('.node')];
  const arrows = [...svg.querySelectorAll('.arrow')];
  let pinned = null;

  const show = (node) => {
    for (const element of [...nodes, ...arrows]) element.classList.remove('near');
    svg.classList.toggle('chosen', node !== null);
    if (!node) return;
    const id = node.id.slice(1);
    node.classList.add('near');
    for (const arrow of arrows) {
      const { from, to } = arrow.dataset;
      if (from !== id && to !== id) continue;
      arrow.classList.add('near');
      document.getElementById('n' + (from === id ? to : from)).classList.add('near');
    }
  };
  const pin = (node) => {
    pinned = pinned === node ? null : node;
    for (const other of nodes) {
      other.classList.toggle('pinned', other === pinned);
      other.setAttribute('aria-pressed', String(other === pinned));
    }
    show(pinned);
  };
  for (const node of nodes) {
    node.addEventListener('pointerenter', () => show(node));
    node.addEventListener('pointerleave', () => show(pinned));
    node.addEventListener('focus', () => show(node));
    node.addEventListener('blur', () => show(pinned));
    node.addEventListener('click', (event) => { event.stopPropagation(); pin(node); });
    node.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      pin(node);
    });
  }
  svg.addEventListener('click', () => { if (pinned) pin(pinned); });
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape' && pinned) pin(pinned); });

  const find = document.getElementById('find');
  const found = document.getElementById('found');
  find.addEventListener('input', () => {
    const words = find.value.toLowerCase().split(/\\s+/).filter(Boolean);
    svg.classList.toggle('searched', words.length > 0);
    const hits = nodes.filter((node) => words.every((word) => node.dataset.find.includes(word)));
    for (const node of nodes) node.classList.toggle('hit', hits.includes(node));
    found.textContent = words.length > 0 ? hits.length + ' found' : '';
    if (words.length > 0 && hits.length > 0) hits[0].scrollIntoView({ block: 'nearest', inline: 'center' });
  });

  const { width, height } = svg.viewBox.baseVal;
  let scale = 1;
  const zoom = (wanted) => {
    scale = Math.min(3, Math.max(0.1, wanted));
    svg.setAttribute('width', width * scale);
    svg.setAttribute('height', height * scale);
  };
  const fit = () => zoom(Math.min(1, picture.clientWidth / width));
  const actions = { in: () => zoom(scale * 1.25), out: () => zoom(scale / 1.25), full: () => zoom(1), fit };
  for (const button of document.querySelectorAll('[data-zoom]'))
    button.addEventListener('click', () => actions[button.dataset.zoom]());
  if (picture.clientWidth / width > 0.7) fit();
})();
`;
