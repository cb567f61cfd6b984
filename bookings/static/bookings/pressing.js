// What is pressed stays until it is let go, by the mouse, a finger or the space bar: to show a part
// of the page anew in between would take the click away.
//
// What came meanwhile is shown then, unless the click asks for it anew. A refusal is shown at once.
(() => {
  // At once, not after 20 ms: until then a click in what came would leave the page.
  window.htmx.config.defaultSettleDelay = 0;

  const LETS_GO = ["pointerup", "pointercancel", "keyup"];
  const due = new Map(); // the newest answer for each part that is pressed

  // By a key, the button alone is active; by the mouse, all that it is in is too.
  const isPressed = (part) => part.querySelector(":active") !== null || part.matches(":active");

  const isAsking = (element) => (element.form ?? element).matches(".htmx-request");

  const show = () => {
    for (const [part, { elt, serverResponse }] of due) {
      if (isPressed(part)) continue; // what was let go is another key
      due.delete(part);
      if (!part.isConnected || isAsking(elt)) continue;
      const swapStyle = elt.getAttribute("hx-swap") ?? "innerHTML";
      const select = elt.getAttribute("hx-select");
      window.htmx.swap(part, serverResponse, { swapStyle }, { select });
    }
  };

  document.addEventListener("htmx:beforeSwap", (event) => {
    const answer = event.detail;
    const { target, xhr } = answer;
    if (!answer.shouldSwap || xhr.status >= 400 || !isPressed(target)) return;
    answer.shouldSwap = false;
    due.set(target, answer);
  });

  // The click comes behind what lets go, and its request with it.
  for (const name of LETS_GO) {
    window.addEventListener(name, () => setTimeout(show, 0), { capture: true });
  }
})();
