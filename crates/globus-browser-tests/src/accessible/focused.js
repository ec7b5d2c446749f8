// What has the focus: its place in the order, and whether one can see that.
const style = getComputedStyle(document.activeElement);
const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
return [window.tabOrder.indexOf(document.activeElement), outlined || style.boxShadow !== "none"];
