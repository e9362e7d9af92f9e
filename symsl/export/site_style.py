"""Style sheet and search of the static site."""

STYLE = """body { font: 17px/1.5 Georgia, "Times New Roman", serif; margin: 0 auto; max-width: 60rem; padding: 0 1rem;
  color: #1b1b1b; background: #fff; }
header { display: flex; flex-wrap: wrap; gap: 1rem; align-items: baseline; padding: .8rem 0;
  border-bottom: 1px solid #ccc; position: relative; }
header > a { font-weight: bold; }
a { color: #0b4f8a; text-decoration: none; }
a:hover { text-decoration: underline; }
#search { flex: 1; font: inherit; padding: .2rem .5rem; border: 1px solid #999; border-radius: 4px; }
#found { position: absolute; right: 0; top: 100%; z-index: 1; margin: 0; padding: 0; list-style: none; width: 70%;
  background: #fff; box-shadow: 0 2px 10px #0003; }
#found li a { display: block; padding: .25rem .6rem; }
h1 { font-size: 1.5rem; line-height: 1.3; }
h2 { font-size: 1.15rem; margin-top: 1.6rem; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid #eee; }
th { padding-top: 1rem; }
.display { overflow-x: auto; padding: .5rem 0; }
.display math { font-size: 1.1rem; }
.row { padding-left: 3rem; }
.display mtd { math-style: normal; padding: .15rem .3rem; }
.row math, .first math { display: inline-block math; }
dt { font-style: italic; float: left; clear: left; width: 8rem; }
dd { margin: 0 0 .4rem 8.5rem; }
li { margin-bottom: .7rem; }
code, pre { font: 14px/1.4 Menlo, Consolas, "DejaVu Sans Mono", monospace; }
pre { overflow-x: auto; background: #f6f6f4; padding: .7rem; margin: 0; }
.mark, .verdict { font: 13px/1.3 Helvetica, Arial, sans-serif; border: 1px solid; border-radius: 4px;
  padding: .05rem .4rem; vertical-align: middle; white-space: nowrap; }
.verdict { border: 0; color: #2d6a2d; padding: 0; }
.proved { color: #216e21; } .exact { color: #0b6b6b; } .enclosed { color: #1f4fa8; } .definition { color: #666; }
.numerical { color: #a05a00; } .open { color: #b01818; }
.tabs details { border: 1px solid #ddd; margin-bottom: -1px; }
summary { cursor: pointer; padding: .25rem .6rem; font: 14px/1.5 Helvetica, Arial, sans-serif; }
footer { margin: 2rem 0; padding-top: .6rem; border-top: 1px solid #ccc; font-size: .85rem; color: #555; }
"""

SCRIPT = """const input = document.getElementById("search");
const list = document.getElementById("found");
function matches(text) {
  const wanted = text.toLowerCase().replace(/[()]/g, "").trim();
  if (!wanted) return [];
  const rank = ([id, name, title]) =>
    id === wanted ? 0 : name === wanted ? 1 : id.startsWith(wanted) ? 2 : name.includes(wanted) ? 3
      : title.toLowerCase().includes(wanted) ? 4 : 9;
  return EQUATIONS.map(row => [rank(row), row]).filter(pair => pair[0] < 9).sort((a, b) => a[0] - b[0])
    .slice(0, 12).map(pair => pair[1]);
}
function show() {
  list.replaceChildren(...matches(input.value).map(([id, name, title, page]) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = page;
    link.textContent = (/^[0-9]/.test(id) ? "(" + id + ") " : "") + name + ": " + title;
    item.append(link);
    return item;
  }));
}
input.addEventListener("input", show);
input.addEventListener("keydown", event => {
  const first = list.querySelector("a");
  if (event.key === "Enter" && first) location.href = first.href;
});
const asked = new URLSearchParams(location.search).get("q");
if (asked) { input.value = asked; show(); }
"""
