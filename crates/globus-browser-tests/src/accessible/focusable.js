// Remembers, in their order, what the Tab key should reach, and tells it.
const can = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex^='-'])";
const one = (element, at, all) => {
    if (element.type !== "radio" || element.checked) return true;
    // Of radio buttons that belong together the chosen one is reached, or else the first.
    const group = all.filter(other => other.type === "radio" && other.name === element.name && other.form === element.form);
    return !group.some(other => other.checked) && group[0] === element;
};
window.tabOrder = [...document.querySelectorAll(can)]
    .filter(element => !element.disabled && element.checkVisibility({ visibilityProperty: true }))
    .filter(one);
document.activeElement?.blur();
return window.tabOrder.map(element => element.outerHTML.slice(0, 120));
