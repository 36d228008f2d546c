"use strict";
// Figures are kept in both themes; the reader's system chooses, paper is always light.
const dark = matchMedia("(prefers-color-scheme: dark)");
function draw(theme) {
  for (const holder of document.querySelectorAll("[data-figure]")) {
    const figure = JSON.parse(document.getElementById(holder.dataset.figure + "-" + theme).textContent);
    Plotly.react(holder, figure.data, figure.layout, {displayModeBar: false, responsive: true});
  }
}
function drawForScreen() { draw(dark.matches ? "dark" : "light"); }
addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  draw("light");
});
addEventListener("afterprint", drawForScreen);
dark.addEventListener("change", drawForScreen);
drawForScreen();
