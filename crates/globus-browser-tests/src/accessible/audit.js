// What is wrong with the page for somebody who cannot see it, or sees little; and its texts with their colours.
const problems = [];
const shown = element => element.checkVisibility({ visibilityProperty: true });
const told = element => element.outerHTML.slice(0, 120);
const named = id => document.getElementById(id)?.textContent.trim();
const labelled = element =>
    element.getAttribute("aria-label")?.trim() ||
    (element.getAttribute("aria-labelledby") || "").split(" ").map(named).find(text => text) ||
    element.getAttribute("title")?.trim();

if (!document.documentElement.lang) problems.push("the page does not say its language");
if (!document.title.trim()) problems.push("the page has no title");
if (!document.querySelector("main")) problems.push("nothing is marked as the main part");

for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea, progress, meter")) {
    const labels = [...(field.labels || [])].map(label => label.textContent.trim()).filter(text => text);
    if (shown(field) && !labels.length && !labelled(field)) problems.push("a field without a label: " + told(field));
}
for (const control of document.querySelectorAll("button, a[href], summary")) {
    if (shown(control) && !control.textContent.trim() && !labelled(control))
        problems.push("a button or link without a name: " + told(control));
}
for (const image of document.querySelectorAll("img:not([alt])")) problems.push("a picture without a text: " + told(image));
for (const table of document.querySelectorAll("table")) {
    if (!table.querySelector("th")) problems.push("a table without headings: " + told(table));
    if (!table.caption && !labelled(table)) problems.push("a table without a caption: " + told(table));
}

const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(shown);
const levels = headings.map(heading => Number(heading.tagName[1]));
if (levels.filter(level => level === 1).length !== 1) problems.push("the page has not one heading of the first level");
levels.reduce((above, level, at) => {
    if (level > above + 1) problems.push("a level of headings is left out: " + told(headings[at]));
    return level;
}, 0);

const ids = [...document.querySelectorAll("[id]")].map(element => element.id);
for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) problems.push("two elements have the id " + id);

const texts = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (!text || !shown(element) || ["SCRIPT", "STYLE"].includes(element.tagName)) continue;
    const behind = [];
    for (let above = element; above; above = above.parentElement) behind.push(getComputedStyle(above).backgroundColor);
    texts.push({ text: text.slice(0, 60), color: getComputedStyle(element).color, behind });
}
const dark = matchMedia("(prefers-color-scheme: dark)").matches &&
    getComputedStyle(document.documentElement).colorScheme.includes("dark");
return { problems, texts, canvas: dark ? "rgb(18, 18, 18)" : "rgb(255, 255, 255)" };
