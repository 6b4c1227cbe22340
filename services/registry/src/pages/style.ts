/** The one stylesheet of all pages: no web fonts, no pictures, light and dark. */
export const style = `
:root { color-scheme: light dark; --text: #1c2230; --quiet: #5d667a; --line: #dfe3ea; --back: #ffffff; --soft: #f5f7fa; --link: #1556c0; --bad: #b3261e; --warn: #8a5a00; --good: #1b6e3c; --add: #e4f6e8; --remove: #fde7e5; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e9ef; --quiet: #9aa4b6; --line: #333b4a; --back: #14181f; --soft: #1c222c; --link: #7fb0ff; --bad: #ff8a80; --warn: #ffc55c; --good: #7ddc9c; --add: #16351f; --remove: #40191a; } }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); }
header { border-bottom: 1px solid var(--line); background: var(--soft); padding: 12px 24px 0; }
header .graph { font-weight: 600; font-size: 17px; }
nav { display: flex; gap: 4px; margin-top: 8px; flex-wrap: wrap; }
nav a { padding: 6px 12px; border-bottom: 3px solid transparent; text-decoration: none; color: var(--quiet); }
nav a[aria-current] { border-color: var(--link); color: var(--text); font-weight: 600; }
main { max-width: 1160px; padding: 16px 24px 64px; margin: 0 auto; }
h1 { font-size: 24px; margin: 8px 0 16px; } h2 { font-size: 18px; margin: 28px 0 8px; }
a { color: var(--link); } a:focus-visible, input:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; } .scroll { overflow-x: auto; }
th { text-align: left; color: var(--quiet); font-weight: 500; font-size: 13px; } th, td { padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
code, pre { font: 13px/1.5 ui-monospace, monospace; } pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: 12px; overflow-x: auto; margin: 8px 0; }
.quiet { color: var(--quiet); } .bad { color: var(--bad); } .warn { color: var(--warn); } .good { color: var(--good); }
.tag { display: inline-block; border: 1px solid var(--line); border-radius: 10px; padding: 0 8px; font-size: 12px; color: var(--quiet); margin-right: 4px; }
.cards { display: flex; gap: 12px; flex-wrap: wrap; } .card { border: 1px solid var(--line); border-radius: 8px; padding: 10px 16px; min-width: 150px; } .card b { display: block; font-size: 22px; }
.diff { padding: 0; } .diff span { display: block; padding: 0 12px; white-space: pre; min-width: max-content; } .diff .add { background: var(--add); } .diff .remove { background: var(--remove); } .diff .gap { color: var(--quiet); border-block: 1px solid var(--line); }
.bars { height: 64px; max-width: 100%; } .bars rect { fill: var(--link); }
form { margin: 12px 0; } input[type=search] { font: inherit; padding: 6px 10px; width: min(420px, 100%); border: 1px solid var(--line); border-radius: 6px; background: var(--back); color: var(--text); }
.description { margin: 2px 0 0; color: var(--quiet); max-width: 75ch; } .columns { columns: 240px; } .columns div { break-inside: avoid; }
`;
