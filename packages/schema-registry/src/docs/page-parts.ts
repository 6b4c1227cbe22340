/** The page's look: plain, readable without colours, light and dark as the reader's system is. */
export const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8882; --accent: light-dark(#0b57a4, #8ab8ee); --warn: light-dark(#9a4a00, #f0b070) }
* { box-sizing: border-box }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; display: grid; grid-template-columns: 17rem minmax(0, 1fr) }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1rem; border-right: 1px solid var(--line) }
nav label { display: block; font-weight: 600 }
nav input { width: 100%; font: inherit; padding: .3rem .5rem; margin-top: .25rem; border: 1px solid var(--line); border-radius: 4px; background: transparent }
nav h2 { font-size: .8rem; margin: 1.2rem 0 .2rem; opacity: .7 }
nav ul { list-style: none; margin: 0; padding: 0 }
nav li a { display: block; padding: .05rem 0; overflow: hidden; text-overflow: ellipsis }
main { padding: 1rem 2.5rem 40vh; max-width: 62rem }
a { color: var(--accent); text-decoration: none } a:hover { text-decoration: underline }
article { border-top: 1px solid var(--line); padding: .2rem 0 1rem } article h2 { margin: .8rem 0 .2rem; font-size: 1.25rem }
:target { scroll-margin-top: .5rem } article:target > h2, li:target > code { background: var(--soft) }
.members { list-style: none; margin: .6rem 0 0; padding: 0 } .members > li { padding: .5rem .8rem; border-left: 3px solid var(--soft); margin: .4rem 0 }
code { font: 13px/1.5 ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace; overflow-wrap: anywhere }
.description p, .facts { margin: .2rem 0 } .facts { font-size: .86rem; opacity: .85 }
.deprecated { color: var(--warn); font-size: .92rem } .deprecated p, .deprecated .description { display: inline }
dl { margin: .3rem 0 0 1rem } dd { margin: 0 0 0 1rem } dt { float: left; clear: left; margin-right: .6rem }
[hidden] { display: none !important }
@media (max-width: 50rem) { body { display: block } nav { position: static; height: auto; max-height: 45vh } main { padding: 1rem } }
@media print { body { display: block } nav { display: none } }
`;

/** Searching: a type stays when its name or one of its members' has the text; of a type that only has members, just these stay. */
export const SCRIPT = `
const input = document.querySelector('#search');
const articles = [...document.querySelectorAll('article')];
const links = new Map([...document.querySelectorAll('nav li')].map((item) => [item.textContent, item]));
function search() {
  const text = input.value.trim().toLowerCase();
  let found = 0;
  for (const article of articles) {
    const isNamed = article.dataset.name.includes(text);
    let members = 0;
    for (const member of article.querySelectorAll('li[data-name]')) {
      const isShown = isNamed || member.dataset.name.includes(text);
      member.hidden = !isShown;
      if (isShown) members++;
    }
    article.hidden = !isNamed && members === 0;
    const link = links.get(article.id);
    if (link) link.hidden = article.hidden;
    if (!article.hidden) found++;
  }
  for (const section of document.querySelectorAll('nav section')) section.hidden = [...section.querySelectorAll('li')].every((item) => item.hidden);
  document.querySelector('#none').hidden = found > 0;
}
input.addEventListener('input', search);
addEventListener('keydown', (event) => { if (event.key === '/' && document.activeElement !== input) { event.preventDefault(); input.focus(); } });
addEventListener('hashchange', () => { if (document.querySelector(':target')?.closest('[hidden]')) { input.value = ''; search(); document.querySelector(':target').scrollIntoView(); } });
`;
