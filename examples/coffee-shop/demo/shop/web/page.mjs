/** What a guest sees. */
export function page({ enver, greeting, specials, menu, prices }) {
  const rows = menu.map(({ name }) => `<tr><td>${safe(name)}</td><td>${safe(prices[name] ?? '…')}</td></tr>`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Coffee shop</title>
<style>
  body { font: 1.1rem/1.6 Georgia, serif; max-width: 32rem; margin: 4rem auto; color: #3b2a1a; background: #fdf8f1 }
  td { padding: .2rem 2rem .2rem 0 }
  small { color: #927c66 }
</style>
<h1>${safe(greeting)}</h1>
<p>Today: <strong>${safe(specials)}</strong></p>
<table>${rows.join('\n')}</table>
<p><small>${safe(enver)}</small></p>
</html>
`;
}

function safe(text) {
  return String(text).replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
