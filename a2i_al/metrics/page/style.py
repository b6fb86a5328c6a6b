"""How the page looks: light and dark, narrow and wide, on paper; nothing is loaded."""

CSS = """
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #d9dee6; --card: #fff; --page: #f5f7fa }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8ecf2; --soft: #a3adba; --line: #363d48; --card: #1f1f1f; --page: #151515 }
  figure img { filter: invert(.88) hue-rotate(180deg) } }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main { max-width: 64rem; margin: 0 auto; padding: 2rem 1rem 4rem }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .4rem } h2 { font-size: 1.2rem; margin: 2.75rem 0 .5rem }
p, li { max-width: 46rem } p { margin: 0 0 1rem } .soft { color: var(--soft) }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; margin: 1.5rem 0 }
.facts div { display: grid; grid-row: span 2; grid-template-rows: subgrid; row-gap: 0; padding: .75rem 1rem }
.facts div, .scroll, figure, details { background: var(--card); border: 1px solid var(--line); border-radius: 10px }
dt { color: var(--soft); font-size: .85rem } dd { margin: 0 }
dd b { display: block; font-size: 1.6rem; line-height: 1.25 } dd small { color: var(--soft) }
.scroll { overflow-x: auto; margin: 0 0 1rem }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .95rem }
th, td { padding: .45rem .8rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap }
.text { text-align: left; white-space: normal; overflow-wrap: anywhere; min-width: 7rem }
th { color: var(--soft); font-weight: 600; font-size: .85rem } tbody tr:last-child td { border-bottom: 0 }
figure { margin: 0 0 1rem; padding: 1rem } figure img { max-width: 100%; height: auto; display: block; margin: 0 auto }
figcaption { color: var(--soft); font-size: .85rem; margin-top: .5rem }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 1rem }
.pair > * { align-self: start }
details { padding: .75rem 1rem; margin-top: 3rem } summary { cursor: pointer; font-weight: 600 }
details li { margin: .4rem 0; font-size: .92rem }
@media print { :root { --page: #fff } main { padding: 0; max-width: none } figure, table { break-inside: avoid } }
"""
