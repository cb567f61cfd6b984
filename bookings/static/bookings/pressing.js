// What is pressed stays until it is let go, by the mouse, a finger or the space bar: to show a part
// of the page anew in between would take the click away.
//
// What came meanwhile is shown then, unless the click asks for it anew. A refusal is shown at once.
(() => {
  // At once, not after 20 ms: until then a click in what came would leave the page.
  window.htmx.config.defaultSettleDelay = 0;

  const LETS_GO = ["pointerup", "pointercancel", "keyup"];

  // The click comes behind what lets go, and its request with it.
  const whenLetGo = (then) => {
    const last = () => {
      LETS_GO.forEach((name) => window.removeEventListener(name, last, { capture: true }));
      setTimeout(then, 0);
    };
    LETS_GO.forEach((name) => window.addEventListener(name, last, { capture: true }));
  };

  const isAsking = (element) => (element.form ?? element).matches(".htmx-request");

  document.addEventListener("htmx:beforeSwap", (event) => {
    const answer = event.detail;
    const { elt, target, xhr } = answer;
    if (!answer.shouldSwap || xhr.status >= 400 || !target.matches(":active")) return;
    answer.shouldSwap = false;
    whenLetGo(() => {
      if (!target.isConnected || isAsking(elt)) return;
      const swapStyle = elt.getAttribute("hx-swap") ?? "innerHTML";
      const select = elt.getAttribute("hx-select");
      window.htmx.swap(target, answer.serverResponse, { swapStyle }, { select });
    });
  });
})();
